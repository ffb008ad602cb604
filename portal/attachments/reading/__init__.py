"""Reading content that nobody trusts. Everything here runs in the limited process and imports little."""
