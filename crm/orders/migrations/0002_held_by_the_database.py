"""The credit ledger only grows and keeps its sums itself; a promise that would end above the limit is refused by the database too."""

from django.db import migrations

GROWS = ("creditentry", "paymentuse", "handling", "handlingline")
FORWARD = """
CREATE FUNCTION orders_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION orders_account_by_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.promised = 0 AND NEW.owed = 0 AND NEW.advance = 0 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (pg_trigger_depth() > 1
        OR (NEW.promised, NEW.owed, NEW.advance, NEW.customer_id) = (OLD.promised, OLD.owed, OLD.advance, OLD.customer_id)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on orders_creditaccount is refused: sums follow from the ledger', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER orders_account_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON orders_creditaccount
    FOR EACH ROW EXECUTE FUNCTION orders_account_by_ledger();
CREATE FUNCTION orders_creditentry_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held orders_creditaccount%ROWTYPE;
BEGIN
    UPDATE orders_creditaccount SET
        promised = promised + CASE WHEN NEW.bucket = 'promised' THEN NEW.fen ELSE 0 END,
        owed = owed + CASE WHEN NEW.bucket = 'owed' THEN NEW.fen ELSE 0 END,
        advance = advance + CASE WHEN NEW.bucket = 'advance' THEN NEW.fen ELSE 0 END
    WHERE id = NEW.account_id RETURNING * INTO held;
    IF NEW.bucket = 'promised' AND NEW.fen > 0 AND held.promised + held.owed - held.advance > held."limit" THEN
        RAISE EXCEPTION 'a promise above the limit is refused' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER orders_creditentry_count AFTER INSERT ON orders_creditentry FOR EACH ROW EXECUTE FUNCTION orders_creditentry_count();
""" + "".join(
    f"CREATE TRIGGER orders_{table}_refuse BEFORE UPDATE OR DELETE ON orders_{table} FOR EACH ROW EXECUTE FUNCTION orders_refuse();\n" for table in GROWS
)
BACKWARD = (
    "".join(f"DROP TRIGGER orders_{table}_refuse ON orders_{table};\n" for table in GROWS)
    + """
DROP TRIGGER orders_creditentry_count ON orders_creditentry;
DROP FUNCTION orders_creditentry_count();
DROP TRIGGER orders_account_by_ledger ON orders_creditaccount;
DROP FUNCTION orders_account_by_ledger();
DROP FUNCTION orders_refuse();
"""
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
