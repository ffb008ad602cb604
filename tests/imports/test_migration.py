"""Rosters from before there was one import keep their numbers, their plans, and the bells that lead to them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from portal.imports.models import Import
from portal.notifications.models import Notification
from tests.cast import Cast

pytestmark = pytest.mark.django_db

TABLE = """
    CREATE TABLE organization_rosterimport (id bigint, actor_id bigint, file_name text, source text, status text, rows jsonb, header_row int, mapping jsonb,
        meant jsonb, is_complete boolean, day date, plan jsonb, counts jsonb, fingerprint text, failure text, created_at timestamptz, finished_at timestamptz)
"""
LINE = """{"number": 2, "kind": "left", "employee_number": "10004", "name": "张强", "person_id": 7, "department": 3, "position": 5, "on": "2026-11-01",
    "ends_on": null, "changes": {"department": ["甲班", ""]}, "faults": []}"""


def test_rosters_are_taken_over_with_their_numbers(cast: Cast, client_for) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(TABLE)
        for pk, status in ((900_001, "done"), (900_002, "running")):
            cursor.execute(
                "INSERT INTO organization_rosterimport VALUES (%s, %s, '花名册.xlsx', 'Sheet1', %s, '[[\"工号\"],[\"10004\"]]', 0, '{\"employee_number\": 0}',"
                " '{}', true, '2026-11-01', %s, '{\"left\": 1}', 'f', '', now(), NULL)",
                [pk, cast.admin.pk, status, f'{{"departments": [], "positions": [], "lines": [{LINE}]}}'],
            )
    Notification.objects.create(recipient=cast.admin, kind="organization.imported", words={"file": "花名册.xlsx"}, delivery="0" * 32)
    with connection.schema_editor() as editor:
        import_module("portal.imports.migrations.0002_from_rosters").copy_rosters(apps, editor)
    done, begun = Import.objects.order_by("pk")
    assert (done.pk, done.importer, done.status, done.options) == (900_001, "roster", "done", {"is_complete": True})
    assert begun.status == "planned", "what was under way is confirmed again"
    page = client_for(cast.admin).get(reverse("organization:import_detail", args=[done.pk])).content.decode()
    assert "张强" in page
    assert "<del>甲班</del>" in page
    assert Notification.objects.get().kind == "imports.applied"
    assert Import.objects.create(importer="roster", actor=cast.admin).pk > 900_002
