"""News of the market, of law and of the trade, written by editors or drawn from feeds that an administrator names (R65).

An *item* is a page below the *desk*. A *feed* is an address elsewhere; what it brings are *entries* in a queue, each of which an editor takes
(it becomes an item) or drops.
"""
