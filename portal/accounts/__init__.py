"""People who sign in: employees and customers, their sessions, factors and preferences."""
