"""Sessions in the database, read by one short statement: every page reads one, and building it anew costs more than asking."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseSessionStore):
    """As Django's own; a key that is unknown or too old is forgotten, so that nobody chooses one."""

    def load(self) -> dict[str, Any]:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
