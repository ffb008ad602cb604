"""That something was read: who has confirmed which version of a thing and when, who had to as of any day, reminders, and what is overdue."""
