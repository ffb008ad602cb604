"""The locks of feed and index."""

FEED = 482231
INDEX = 482232
REBUILD = 482233
MISSING_FEED = 482234
