"""The record: who did what to what, when, from where, before and after. It only grows, and its chain of hashes verifies."""
