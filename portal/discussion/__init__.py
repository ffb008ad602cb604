"""Comments, replies, support and following on anything that a module makes discussable; the right is that of the thing itself."""
