"""Answers for what is nobody's mistake: the database is away (503), the disk is full (507), a file lies on another node's disk (503)."""

import errno
import logging
import sys
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error

logger = logging.getLogger(__name__)

DISK_FULL = "53100"
AWAY = ("08", "57P", "53300")  # connection exceptions, shutdown and start-up, too many connections (PostgreSQL, appendix A)


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: a clear sentence for an outage, else the usual page for a mistake of ours."""
    error = sys.exc_info()[1]
    if is_disk_full(error):
        return _sentence(507, _("The disk of the server is full. Nothing of this was saved; please tell the administrator and try again later."))
    if is_database_away(error):
        return _sentence(503, _("The database cannot be reached just now. Nothing of this was saved; please try again in a moment."))
    if is_content_gone(error):
        return _sentence(503, _("This file is not on the disk of the server just now. Please try again later; if it stays so, tell the administrator."))
    return server_error(request)


def is_disk_full(error: BaseException | None) -> bool:
    return any(
        (isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}) or getattr(cause, "sqlstate", None) == DISK_FULL
        for cause in _causes(error)
    )


def is_database_away(error: BaseException | None) -> bool:
    """No connection, or one that was cut; not a deadlock or a refused row."""
    for cause in _causes(error):
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            state = cause.sqlstate
            return state is None or state.startswith(AWAY)
    return isinstance(error, DatabaseError) and "connection is closed" in str(error)


def is_content_gone(error: BaseException | None) -> bool:
    """What the database knows and the data directory has not: it lies on another node's disk, or is lost."""
    kept = settings.DATA_DIR.absolute()
    return any(
        isinstance(cause, FileNotFoundError) and isinstance(cause.filename, str) and Path(cause.filename).is_relative_to(kept) for cause in _causes(error)
    )


def _causes(error: BaseException | None):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _sentence(status: int, sentence: str) -> HttpResponse:
    """A page of its own: no session, person or query is needed to draw it."""
    response = HttpResponse(render_to_string("runtime/outage.html", {"sentence": sentence, "status": status}), status=status)
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response
