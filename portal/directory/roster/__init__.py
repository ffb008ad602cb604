"""The roster as an import: what it would change in the plant, and carrying that out."""
