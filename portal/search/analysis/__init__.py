"""Text as terms, once for both engines: folded, then pairs of characters for Chinese, words for the rest, and names by their spellings."""
