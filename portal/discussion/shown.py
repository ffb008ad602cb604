"""What is shown of whoever wrote something: where they work today, their face, their card."""

from typing import Any

from portal.foundation.avatars import page_of, photo_of
from portal.foundation.language import is_chinese


class ByAuthor:
    """For a row with `author` and the names of its department today (`with_authors`); nothing of one who is not named."""

    @property
    def written(self) -> Any:
        """The row."""
        raise NotImplementedError

    @property
    def place(self) -> str:
        """The author's department today; nothing for who has left."""
        row = self.written
        return (row.department_name_en if row.department_name_en and not is_chinese() else row.department_name) or ""

    @property
    def photo_url(self) -> str | None:
        return photo_of(self.written.author) if self.written.author is not None else None

    @property
    def card_url(self) -> str | None:
        return page_of(self.written.author) if self.written.author is not None else None
