"""Accounts against their ledger, and against what orders, receivables and payments say; promised stock against what is open of orders."""

from crm.catalogue.models import LedgerCheck
from crm.catalogue.services.checks import look_at
from crm.orders.capabilities import KEEP_ACCOUNTS

ACCOUNTS = """
    WITH told AS (
        SELECT account_id AS id, bucket, 'ledger' AS source, sum(fen) AS fen FROM orders_creditentry GROUP BY 1, 2
        UNION ALL
        SELECT a.id, 'promised', 'orders', sum((l.quantity - l.delivered - l.cancelled) * l.fen)
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id JOIN orders_creditaccount a ON a.customer_id = o.customer_id
        WHERE l.quantity > l.delivered + l.cancelled GROUP BY 1
        UNION ALL
        SELECT account_id, 'owed', 'receivables', sum(fen - settled) FROM orders_receivable WHERE settled < fen GROUP BY 1
        UNION ALL
        SELECT account_id, 'advance', 'payments', sum(unused) FROM orders_payment WHERE unused > 0 GROUP BY 1
    ), kept AS (
        SELECT a.id, one.bucket, source, one.fen FROM orders_creditaccount a
        CROSS JOIN LATERAL (VALUES ('promised', promised), ('owed', owed), ('advance', advance)) AS one (bucket, fen)
        JOIN (VALUES ('promised', 'ledger'), ('owed', 'ledger'), ('advance', 'ledger'),
                     ('promised', 'orders'), ('owed', 'receivables'), ('advance', 'payments')) AS of (bucket, source) USING (bucket)
    )
    SELECT c.name || ' · ' || bucket || ' · ' || source, coalesce(kept.fen, 0), coalesce(told.fen, 0)
    FROM told FULL JOIN kept USING (id, bucket, source)
    JOIN orders_creditaccount a USING (id) JOIN customers_customer c ON c.id = a.customer_id
    WHERE coalesce(kept.fen, 0) <> coalesce(told.fen, 0)
    UNION ALL
    SELECT p.name || ' · ' || w.name || ' · promised', s.promised, coalesce(open.quantity, 0)
    FROM catalogue_stock s JOIN catalogue_product p ON p.id = s.product_id JOIN catalogue_warehouse w ON w.id = s.warehouse_id
    LEFT JOIN (
        SELECT l.product_id, o.warehouse_id, sum(l.quantity - l.delivered - l.cancelled) AS quantity
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id WHERE l.quantity > l.delivered + l.cancelled GROUP BY 1, 2
    ) AS open ON (open.product_id, open.warehouse_id) = (s.product_id, s.warehouse_id)
    WHERE s.promised <> coalesce(open.quantity, 0)
    ORDER BY 1
"""


def check_accounts() -> LedgerCheck:
    return look_at("accounts", ACCOUNTS, (KEEP_ACCOUNTS,), "/crm/receivables/")
