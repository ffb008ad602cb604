"""What the demo plant's customers ordered."""
