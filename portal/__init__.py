"""A namespace. What stands on which floor is in docs/architecture.md."""
