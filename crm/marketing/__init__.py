"""Marketing: campaigns held against a group left out, rivals as they are seen, what the trade carries, news of the market, launches, meetings of end users."""
