"""Surveys: drawn without code, asked of customers, staff or everyone, anonymous where that was promised, counted as they come in, and followed up."""
