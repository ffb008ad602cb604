"""Writing the customers' file."""
