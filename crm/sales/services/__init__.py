"""What is written in sales."""
