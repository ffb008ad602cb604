"""What the database itself holds: what was sent never changes, no address is ever given anew, and a mailbox's figure is the sum of what it has.

Mailboxes are locked in the order of their ids, by every statement that adds to them or takes from them, so that two senders never wait for one another.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION mail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what was sent stays as it is', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER mail_message_refuse BEFORE UPDATE OR DELETE ON mail_message FOR EACH ROW EXECUTE FUNCTION mail_refuse();
CREATE TRIGGER mail_envelope_refuse BEFORE UPDATE OR DELETE ON mail_envelope FOR EACH ROW EXECUTE FUNCTION mail_refuse();
CREATE TRIGGER mail_address_refuse BEFORE UPDATE OR DELETE ON mail_address FOR EACH ROW EXECUTE FUNCTION mail_refuse();
CREATE TRIGGER mail_mailbox_refuse BEFORE DELETE ON mail_mailbox FOR EACH ROW EXECUTE FUNCTION mail_refuse();
CREATE TRIGGER mail_placement_refuse BEFORE DELETE ON mail_placement FOR EACH ROW EXECUTE FUNCTION mail_refuse();

CREATE FUNCTION mail_placement_settle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.message_id <> OLD.message_id OR NEW.mailbox_id <> OLD.mailbox_id OR NEW.side <> OLD.side OR NEW.size <> OLD.size OR NEW.thread <> OLD.thread
        OR OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at
        OR OLD.recalled_at IS NOT NULL AND NEW.recalled_at IS DISTINCT FROM OLD.recalled_at
        OR OLD.purged_at IS NOT NULL AND NEW.purged_at IS DISTINCT FROM OLD.purged_at
    THEN
        RAISE EXCEPTION 'what a placement is about, and what has happened to it, stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER mail_placement_settle BEFORE UPDATE ON mail_placement FOR EACH ROW EXECUTE FUNCTION mail_placement_settle();

CREATE FUNCTION mail_charge(deltas jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM mail_mailbox WHERE id IN (SELECT key::bigint FROM jsonb_each_text(deltas)) ORDER BY id FOR NO KEY UPDATE;
    UPDATE mail_mailbox SET used = used + value::bigint, moved = moved + 1 FROM jsonb_each_text(deltas) WHERE id = key::bigint;
END
$$;
CREATE FUNCTION mail_charge_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mail_charge(jsonb_object_agg(mailbox_id::text, delta)) FROM (
        SELECT mailbox_id, sum(CASE WHEN purged_at IS NULL AND recalled_at IS NULL THEN size ELSE 0 END) AS delta FROM added GROUP BY mailbox_id
    ) sums HAVING count(*) > 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER mail_placement_added AFTER INSERT ON mail_placement
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mail_charge_added();
CREATE FUNCTION mail_charge_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mail_charge(jsonb_object_agg(mailbox_id::text, delta)) FROM (
        SELECT mailbox_id, sum(size) AS delta FROM (
            SELECT mailbox_id, CASE WHEN purged_at IS NULL AND recalled_at IS NULL THEN size ELSE 0 END AS size FROM later
            UNION ALL
            SELECT mailbox_id, CASE WHEN purged_at IS NULL AND recalled_at IS NULL THEN -size ELSE 0 END FROM earlier
        ) both_sides GROUP BY mailbox_id
    ) sums HAVING count(*) > 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER mail_placement_changed AFTER UPDATE ON mail_placement
    REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION mail_charge_changed();
"""

BACKWARD = """
DROP TRIGGER mail_placement_changed ON mail_placement;
DROP TRIGGER mail_placement_added ON mail_placement;
DROP FUNCTION mail_charge_changed();
DROP FUNCTION mail_charge_added();
DROP FUNCTION mail_charge(jsonb);
DROP TRIGGER mail_placement_settle ON mail_placement;
DROP FUNCTION mail_placement_settle();
DROP TRIGGER mail_placement_refuse ON mail_placement;
DROP TRIGGER mail_mailbox_refuse ON mail_mailbox;
DROP TRIGGER mail_address_refuse ON mail_address;
DROP TRIGGER mail_envelope_refuse ON mail_envelope;
DROP TRIGGER mail_message_refuse ON mail_message;
DROP FUNCTION mail_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
