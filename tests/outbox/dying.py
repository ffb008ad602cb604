"""Workers that end over what they have in hand."""

from portal.outbox.models import Effect
from tests.search.indexing import another_session


def die_over(effect: Effect) -> None:
    """A worker has locked its row, and is gone."""
    with another_session() as session:
        session.autocommit = False
        session.execute("SELECT 1 FROM outbox_effect WHERE id = %s FOR UPDATE", [effect.pk])
        session.rollback()
        session.autocommit = True
