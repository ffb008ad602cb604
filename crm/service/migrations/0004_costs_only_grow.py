"""What an objection cost only grows; a step that is done is never changed, none is taken away."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION service_step_is_done_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.done_at IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a step that is done is not changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER service_costline_stays BEFORE UPDATE OR DELETE ON service_costline FOR EACH ROW EXECUTE FUNCTION service_refuse();
CREATE TRIGGER service_objectionstep_done_once BEFORE UPDATE ON service_objectionstep FOR EACH ROW EXECUTE FUNCTION service_step_is_done_once();
CREATE TRIGGER service_objectionstep_stays BEFORE DELETE ON service_objectionstep FOR EACH ROW EXECUTE FUNCTION service_refuse();
"""
BACKWARD = """
DROP TRIGGER service_objectionstep_stays ON service_objectionstep;
DROP TRIGGER service_objectionstep_done_once ON service_objectionstep;
DROP TRIGGER service_costline_stays ON service_costline;
DROP FUNCTION service_step_is_done_once();
"""


class Migration(migrations.Migration):
    dependencies = [("service", "0003_objections")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
