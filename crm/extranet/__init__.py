"""The customers' own site: their people sign in, look up products, order, complain and ask, and see nothing of one another."""
