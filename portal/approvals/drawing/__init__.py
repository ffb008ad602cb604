"""The pages on which forms and routes are drawn: their forms, and what is drawn in words."""
