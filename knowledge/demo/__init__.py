"""The knowledge base of the demo plant."""
