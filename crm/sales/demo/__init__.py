"""What the demo plant shows of sales."""
