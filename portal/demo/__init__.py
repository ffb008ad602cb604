"""A believable plant of any size; the same seed gives the same plant."""
