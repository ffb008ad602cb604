"""Questions about papers."""

from typing import Any, Self

from portal.access.readers import ReadQuerySet

RELATED = ("kind", "form", "route", "content", "originator", "department")
PLANNED = ("form__fields", "form__tables", "route__steps")  # what they mean is kept in the process


def with_paper(rows: Any, before: str = "") -> Any:
    """With all that an act or a page needs of a paper; of rows that lead to one, `before` says by what (`paper__`)."""
    related = (f"{before}{name}" for name in RELATED)
    return rows.select_related(*related).defer(*(f"{before}{name}" for name in PLANNED))


class PaperQuerySet(ReadQuerySet):
    def whole(self) -> Self:
        """With its kind, its versions, what it says and who began it."""
        return with_paper(self)  # type: ignore[no-any-return]

    def open(self) -> Self:
        """Those about which somebody has to do something."""
        return self.filter(state__in=["running", "returned"])

    def sent(self) -> Self:
        """All but drafts."""
        return self.exclude(state="draft")

    def begun_by(self, user: Any) -> Self:
        return self.filter(originator=user)
