"""What a service refuses, told to the person who asked."""


class PortalError(Exception):
    """A refusal in one sentence, in the reader's language; views show it."""
