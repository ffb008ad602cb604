"""What editors and feeds do, by noun."""
