"""Pages of orders and accounts."""
