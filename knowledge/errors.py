"""Refusals of the knowledge base, in words for the person who asked."""

from portal.foundation.errors import PortalError


class KnowledgeError(PortalError):
    """This cannot be done, or not by this person, or not now."""
