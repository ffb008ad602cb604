"""Mail of the demo plant."""
