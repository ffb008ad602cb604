"""Customers and all that is done with them: who they are, what they buy, what was promised. A package of apps that import downwards only."""
