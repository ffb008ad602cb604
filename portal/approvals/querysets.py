"""Questions about papers."""

from typing import Any, Self

from portal.access.readers import ReadQuerySet


class PaperQuerySet(ReadQuerySet):
    def open(self) -> Self:
        """Those about which somebody has to do something."""
        return self.filter(state__in=["running", "returned"])

    def sent(self) -> Self:
        """All but drafts."""
        return self.exclude(state="draft")

    def begun_by(self, user: Any) -> Self:
        return self.filter(originator=user)
