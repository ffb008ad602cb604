"""Customers of the demo plant."""
