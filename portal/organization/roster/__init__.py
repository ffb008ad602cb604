"""The roster import up to its plan: reading a file that people made, and what it would change. `services.application` carries that out."""
