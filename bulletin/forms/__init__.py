"""Forms of the bulletin board, by noun."""
