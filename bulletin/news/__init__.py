"""News of the market, of law and of the trade, written by editors or drawn from feeds that an administrator names (R65)."""
