"""Pages of the customers' file."""
