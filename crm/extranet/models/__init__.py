"""Accounts of customers' people, invitations to them, their sign-ins, and attempts that are counted."""

from crm.extranet.models.accounts import Account, Attempt, Invitation, SignIn

__all__ = ["Account", "Attempt", "Invitation", "SignIn"]
