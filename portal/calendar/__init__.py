"""The plant's calendar: working, rest and make-up days, the hours of a working day, and what is due when by them."""
