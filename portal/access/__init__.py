"""One rule of visibility: audiences, standings, policies, and why someone can or cannot see a thing."""
