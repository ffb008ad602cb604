"""A paper's last event is written by the event itself: one statement for each, and never another than the trail's."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION approvals_note_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE approvals_paper SET last_event = NEW.seq WHERE id = NEW.paper_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER approvals_event_noted AFTER INSERT ON approvals_event FOR EACH ROW EXECUTE FUNCTION approvals_note_event();
"""
BACKWARD = "DROP TRIGGER approvals_event_noted ON approvals_event; DROP FUNCTION approvals_note_event();"


class Migration(migrations.Migration):
    dependencies = [("approvals", "0005_statistics")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
