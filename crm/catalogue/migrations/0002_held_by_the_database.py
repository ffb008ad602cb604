"""The ledger of the stock only grows and keeps its sums itself; prices stay as they came into force."""

from django.db import migrations

FORWARD = """
ALTER TABLE catalogue_product ADD CONSTRAINT product_units_divide CHECK (per_box = 0 OR per_case = 0 OR per_box % nullif(per_case, 0) = 0);
CREATE FUNCTION catalogue_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER catalogue_stockentry_refuse BEFORE UPDATE OR DELETE ON catalogue_stockentry FOR EACH ROW EXECUTE FUNCTION catalogue_refuse();

CREATE FUNCTION catalogue_stock_by_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.on_hand = 0 AND NEW.promised = 0 AND NEW.planned = 0 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on catalogue_stock is refused: sums follow from the ledger', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER catalogue_stock_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON catalogue_stock FOR EACH ROW EXECUTE FUNCTION catalogue_stock_by_ledger();

CREATE FUNCTION catalogue_stockentry_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_stock (product_id, warehouse_id, on_hand, promised, planned) VALUES (NEW.product_id, NEW.warehouse_id, 0, 0, 0)
    ON CONFLICT DO NOTHING;
    UPDATE catalogue_stock SET
        on_hand = on_hand + CASE WHEN NEW.bucket = 'on_hand' THEN NEW.quantity ELSE 0 END,
        promised = promised + CASE WHEN NEW.bucket = 'promised' THEN NEW.quantity ELSE 0 END,
        planned = planned + CASE WHEN NEW.bucket = 'planned' THEN NEW.quantity ELSE 0 END
    WHERE product_id = NEW.product_id AND warehouse_id = NEW.warehouse_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_stockentry_count AFTER INSERT ON catalogue_stockentry FOR EACH ROW EXECUTE FUNCTION catalogue_stockentry_count();

CREATE FUNCTION catalogue_priceline_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM catalogue_priceversion WHERE id = coalesce(NEW.version_id, OLD.version_id) AND is_sealed) THEN
        RAISE EXCEPTION '% on catalogue_priceline is refused: these prices are in force', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER catalogue_priceline_sealed BEFORE INSERT OR UPDATE OR DELETE ON catalogue_priceline
    FOR EACH ROW EXECUTE FUNCTION catalogue_priceline_sealed();

CREATE FUNCTION catalogue_priceversion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_sealed AND (TG_OP = 'DELETE' OR NEW.starts_on <> OLD.starts_on OR NEW.paper <> OLD.paper OR NOT NEW.is_sealed
        OR NEW.price_list_id <> OLD.price_list_id OR (OLD.ends_on IS NOT NULL AND NEW.ends_on IS DISTINCT FROM OLD.ends_on)) THEN
        RAISE EXCEPTION '% on catalogue_priceversion is refused: it is in force', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER catalogue_priceversion_stays BEFORE UPDATE OR DELETE ON catalogue_priceversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_priceversion_stays();
"""
BACKWARD = """
ALTER TABLE catalogue_product DROP CONSTRAINT product_units_divide;
DROP TRIGGER catalogue_priceversion_stays ON catalogue_priceversion;
DROP FUNCTION catalogue_priceversion_stays();
DROP TRIGGER catalogue_priceline_sealed ON catalogue_priceline;
DROP FUNCTION catalogue_priceline_sealed();
DROP TRIGGER catalogue_stockentry_count ON catalogue_stockentry;
DROP FUNCTION catalogue_stockentry_count();
DROP TRIGGER catalogue_stock_by_ledger ON catalogue_stock;
DROP FUNCTION catalogue_stock_by_ledger();
DROP TRIGGER catalogue_stockentry_refuse ON catalogue_stockentry;
DROP FUNCTION catalogue_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
