"""What is done in service."""
