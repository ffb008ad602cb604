"""Each night the sums are compared with the ledgers they come from. A difference cannot come about while the triggers stand; if it does, it rings."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from crm.catalogue.capabilities import KEEP_STOCK
from crm.catalogue.models import LedgerCheck
from crm.catalogue.notifications import DIFFERS
from portal.access.registry import tokens_of_holders
from portal.access.standings import people_holding
from portal.notifications.services import notify

MOST_KEPT = 20
STOCK = """
    WITH of_ledger AS (
        SELECT product_id, warehouse_id, bucket, sum(quantity) AS quantity FROM catalogue_stockentry GROUP BY 1, 2, 3
    ), of_sums AS (
        SELECT product_id, warehouse_id, bucket, quantity FROM catalogue_stock
        CROSS JOIN LATERAL (VALUES ('on_hand', on_hand), ('promised', promised), ('planned', planned)) AS one (bucket, quantity)
    )
    SELECT p.name || ' · ' || w.name || ' · ' || bucket, coalesce(of_sums.quantity, 0), coalesce(of_ledger.quantity, 0)
    FROM of_ledger FULL JOIN of_sums USING (product_id, warehouse_id, bucket)
    JOIN catalogue_product p ON p.id = product_id JOIN catalogue_warehouse w ON w.id = warehouse_id
    WHERE coalesce(of_sums.quantity, 0) <> coalesce(of_ledger.quantity, 0) ORDER BY 1
"""


def check_stock() -> LedgerCheck:
    return look_at("stock", STOCK, (KEEP_STOCK,), "/crm/stock/")


@transaction.atomic
def look_at(ledger: str, statement: str, capabilities: Sequence[str], url: str) -> LedgerCheck:
    """Compare by one statement, so of one moment; keep what was found, and tell whoever keeps the ledger of a new difference."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = [f"{name}: {kept} ≠ {told}" for name, kept, told in cursor.fetchall()]
    earlier = LedgerCheck.objects.filter(ledger=ledger).first()
    made, _is_new = LedgerCheck.objects.update_or_create(
        ledger=ledger, defaults={"looked_at": timezone.now(), "differences": len(found), "first": found[:MOST_KEPT]}
    )
    if found and (earlier is None or earlier.first != made.first):
        needs = [token for code in capabilities for token in tokens_of_holders(code)]
        people = list(people_holding(needs).values_list("pk", flat=True))
        notify(DIFFERS, words={"number": len(found), "first": found[0]}, recipients=people, url=url, needs=needs)
    return made
