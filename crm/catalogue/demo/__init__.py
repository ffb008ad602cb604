"""What the demo plant sells."""
