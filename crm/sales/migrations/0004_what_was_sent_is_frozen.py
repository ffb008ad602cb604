"""A version of a quotation that was sent is never changed, nor are its lines."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION sales_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL THEN
        RAISE EXCEPTION '% of a version that was sent is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE FUNCTION sales_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sales_quotationversion version
        WHERE version.id IN (OLD.version_id, NEW.version_id) AND version.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION '% of a line of a version that was sent is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER sales_version_is_frozen BEFORE UPDATE OR DELETE ON sales_quotationversion FOR EACH ROW EXECUTE FUNCTION sales_version_is_frozen();
CREATE TRIGGER sales_line_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON sales_quotationline FOR EACH ROW EXECUTE FUNCTION sales_line_is_frozen();
"""
BACKWARD = """
DROP TRIGGER sales_line_is_frozen ON sales_quotationline;
DROP TRIGGER sales_version_is_frozen ON sales_quotationversion;
DROP FUNCTION sales_line_is_frozen();
DROP FUNCTION sales_version_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_quotations")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
