"""Writing the plant, by noun. Each service is one transaction with its record, and those concerned are announced in it."""
