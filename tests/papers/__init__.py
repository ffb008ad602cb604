"""A thing with an audience, for tests of the rule of visibility before any module stands on it."""
