"""The way from the internet into mailboxes and back: SMTP in, reading in a limited process, a smarthost out. Not connected, none of it runs."""
