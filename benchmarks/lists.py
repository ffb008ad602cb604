"""A list over 1,000,000 rows (the record), with three filters and a saved view: CPU of the reference, questions, and a page far behind."""

import statistics
import time
from datetime import timedelta
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.pages import cpu_rows
from benchmarks.rows import Row, at_most, told
from portal.accounts.models import User
from portal.administration.lists import RecordList
from portal.audit.models import AuditRecord
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.lists.keys import place_of
from portal.lists.services import choose_columns, save_view
from portal.runtime.addresses import owner_settings
from portal.runtime.roles import as_role

ROWS = 1_000_000
CPU_GOAL, FAR_GOAL = 2.0, 3.0
ROUNDS = 9
# Every tenth act is a notice read in the workshop; two thirds are of the last 60 days.
FILL = """
    INSERT INTO audit_record (at, actor_label, on_behalf_of, verb, object_type, object_id, object_label, before, after, reason, agent, request_id)
    SELECT now() - random() * interval '90 days', '张' || n %% 5000 || ' (1' || n %% 5000 || ')', '',
        (ARRAY['notice.published','group.created','group.deleted','card.changed','notice.retracted'])[1 + n %% 5], 'bulletin.notice', n::text,
        '关于第' || n || '号的通知', '{}', '{}', '', '', '' FROM generate_series(1, %s) n
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    _fill(context)
    keeper = User.objects.filter(is_superuser=True).order_by("pk")[0]
    cookie, plain_cookie = context.sign_in(keeper), context.sign_in(keeper, backend="django.contrib.auth.backends.ModelBackend")
    day = timezone.localdate()
    query = urlencode({"verb": "group.created", "at_from": day - timedelta(days=60), "at_to": day, "q": "通知"})
    choose_columns(list_of(RecordList.code), ["actor", "verb", "to", "reason"], actor=keeper)  # type: ignore[arg-type]
    view = save_view(actor=keeper, definition=RecordList(), name="近两个月", query=query)
    pages = [
        ("list of 1,000,000, three filters and a saved view", f"/administration/record/?{query}&view={view.pk}", cookie, True),
        ("list of 1,000,000, as it opens", "/administration/record/?view=0", cookie, True),
    ]
    rows = [told("lists", "rows", AuditRecord.objects.count(), "rows"), *cpu_rows(context, pages, plain_cookie, area="lists", goal=CPU_GOAL)]
    return [*rows, *_far(keeper)]


def _far(keeper: User) -> list[Row]:
    """The page behind 900,000 rows, against the first one."""
    definition = list_of(RecordList.code)
    assert definition is not None
    order = Asked(definition, keeper, QueryDict("")).order
    deep = AuditRecord.objects.order_by(*order)[900_000]
    times: dict[str, list[float]] = {"first": [], "far": []}
    for _round in range(ROUNDS):
        for name, query in (("first", ""), ("far", urlencode({"after": place_of(deep, order, before=900_001)}))):
            begun = time.perf_counter()
            Asked(definition, keeper, QueryDict(query)).page()
            times[name].append(time.perf_counter() - begun)
    first, far = statistics.median(times["first"]), statistics.median(times["far"])
    return [
        told("lists", "first page: rows and count", first * 1000, "ms"),
        at_most("lists", "page behind 900,000 rows, of the first", far / first, "x", FAR_GOAL, reference=1),
    ]


def _fill(context: Context) -> None:
    missing = ROWS - AuditRecord.objects.count()
    if missing <= 0:
        return
    context.say(f"writing {missing:,} rows of the record")
    with as_role(owner_settings("", "", context.data_dir)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_record DISABLE TRIGGER USER")
        cursor.execute(FILL, [missing])
        cursor.execute("ALTER TABLE audit_record ENABLE TRIGGER USER")
    with as_role(owner_settings("", "", context.data_dir)), connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_record")
