"""The log of a request only grows; a time of waiting is ended once and never changed otherwise."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION service_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION service_pause_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ends_at IS NULL AND NEW.ends_at IS NOT NULL
        AND (NEW.id, NEW.request_id, NEW.round, NEW.begins_at, NEW.reason) = (OLD.id, OLD.request_id, OLD.round, OLD.begins_at, OLD.reason) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a time of waiting is ended once, nothing else is changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER service_requestevent_stays BEFORE UPDATE OR DELETE ON service_requestevent FOR EACH ROW EXECUTE FUNCTION service_refuse();
CREATE TRIGGER service_requestpause_ends_once BEFORE UPDATE ON service_requestpause FOR EACH ROW EXECUTE FUNCTION service_pause_ends_once();
CREATE TRIGGER service_requestpause_stays BEFORE DELETE ON service_requestpause FOR EACH ROW EXECUTE FUNCTION service_refuse();
"""
BACKWARD = """
DROP TRIGGER service_requestpause_stays ON service_requestpause;
DROP TRIGGER service_requestpause_ends_once ON service_requestpause;
DROP TRIGGER service_requestevent_stays ON service_requestevent;
DROP FUNCTION service_pause_ends_once();
DROP FUNCTION service_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("service", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
