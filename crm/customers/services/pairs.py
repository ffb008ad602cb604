"""Looking for customers that are in the file twice: by night, never merged by itself."""

from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Pair
from portal.access.policies import decide, visible_to
from portal.audit.services import record
from portal.foundation.locking import lock_row

MOST_A_NIGHT = 2_000
MOST_ALIKE = 8  # what more of them share (连锁店) tells nobody apart
SHORTEST, SHORTEST_NEAR = 2, 5  # shorter names that are near are many, and seldom the same firm

FIND = """
WITH own AS (SELECT id, name_core, name_pinyin FROM customers_customer WHERE root_id = id AND ended_on IS NULL AND length(name_core) >= %(shortest)s),
cores AS (SELECT name_core FROM own GROUP BY name_core HAVING count(*) BETWEEN 2 AND %(most)s),
sounds AS (SELECT name_pinyin FROM own GROUP BY name_pinyin HAVING count(*) BETWEEN 2 AND %(most)s),
keys AS (SELECT id, unnest(customers_name_keys(name_core)) AS key FROM own WHERE length(name_core) >= %(shortest_near)s),
near AS (SELECT key FROM keys WHERE length(key) >= %(shortest_near)s - 1 GROUP BY key HAVING count(*) BETWEEN 2 AND %(most)s),
numbers AS (
    SELECT DISTINCT c.root_id AS id, p.normal FROM customers_reachpoint p JOIN customers_customer c ON c.id = p.customer_id WHERE p.ended_on IS NULL
),
shared AS (SELECT normal FROM numbers GROUP BY normal HAVING count(*) BETWEEN 2 AND %(most)s),
found AS (
    SELECT a.id AS one, b.id AS other, 'name' AS why, 1 AS rank FROM cores JOIN own a USING (name_core) JOIN own b USING (name_core) WHERE a.id < b.id
    UNION ALL SELECT a.id, b.id, 'sound', 2 FROM sounds JOIN own a USING (name_pinyin) JOIN own b USING (name_pinyin) WHERE a.id < b.id
    UNION ALL SELECT a.id, b.id, 'near', 3 FROM near JOIN keys a USING (key) JOIN keys b USING (key) WHERE a.id < b.id
    UNION ALL SELECT a.id, b.id, 'phone', 4 FROM shared JOIN numbers a USING (normal) JOIN numbers b USING (normal) WHERE a.id < b.id
)
INSERT INTO customers_pair (one_id, other_id, why, found_at)
SELECT DISTINCT ON (one, other) one, other, why, now() FROM found
WHERE NOT EXISTS (SELECT 1 FROM customers_pair p WHERE p.one_id = one AND p.other_id = other)
ORDER BY one, other, rank LIMIT %(limit)s
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def look_for_pairs(*, most: int = MOST_A_NIGHT) -> int:
    """Keep each pair that may be the same and was not asked about yet; in one statement, so many a night."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, {"shortest": SHORTEST, "shortest_near": SHORTEST_NEAR, "most": MOST_ALIKE, "limit": most})
        return cursor.rowcount


def open_pairs(user: Any) -> QuerySet[Pair]:
    """What waits for somebody who sees both files, and both are files of their own still."""
    seen = visible_to(Customer, user).filter(ended_on__isnull=True).values("pk")
    rows = Pair.objects.filter(apart_at__isnull=True, one__in=seen, other__in=seen, one__root=F("one"), other__root=F("other"))
    return rows.select_related("one__portfolio", "other__portfolio").order_by("why", "pk")


@transaction.atomic
def tell_apart(pair: Pair, *, actor: Any) -> None:
    """They are two customers: nobody is asked again. Said twice it is said once."""
    held = lock_row(Pair.objects.select_related("one__portfolio", "other__portfolio"), pair.pk)
    for row in (held.one, held.other):
        decision = decide(actor, "merge", row)
        if not decision:
            raise CustomersError(str(decision.rule))
    if held.apart_at is not None:
        return
    held.apart_at, held.apart_by = timezone.now(), actor
    held.save(update_fields=["apart_at", "apart_by"])
    record(actor, "customer.told_apart", held.one, after={"other": f"{held.other.name} ({held.other.code})"})
