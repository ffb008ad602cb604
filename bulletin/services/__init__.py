"""Writes of the bulletin board, by noun."""
