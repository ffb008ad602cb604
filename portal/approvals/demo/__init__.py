"""Papers of the demo plant."""
