"""Apps whose tables the customers' site shares, without what they ask of a process that serves people of the plant."""

from allauth.account.apps import AccountConfig


class AccountTables(AccountConfig):
    """allauth's, whose middleware has nothing to do where nobody signs in with it."""

    name = "allauth.account"

    def ready(self) -> None:
        """Its own asks for that middleware."""
