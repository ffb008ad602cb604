"""Views that meet an outage, each really raised by the database or the system."""

import errno

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def _run(statement: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return HttpResponse("done")


def cut_off(request: HttpRequest) -> HttpResponse:
    return _run("SET ROLE gongfang_owner; SELECT pg_terminate_backend(pg_backend_pid())")


def full_table(request: HttpRequest) -> HttpResponse:
    return _run("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$")


def full_file(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "No space left on device")


def mistake(request: HttpRequest) -> HttpResponse:
    return _run("SELECT 1/0")


def deadlock(request: HttpRequest) -> HttpResponse:
    return _run("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected'; END $$")


def fine(request: HttpRequest) -> HttpResponse:
    return _run("SELECT 1")


urlpatterns = [path(f"{view.__name__}/", view) for view in (cut_off, full_table, full_file, mistake, deadlock, fine)]
handler500 = "portal.runtime.outages.answer_failure"
