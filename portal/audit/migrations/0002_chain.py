"""The chain: rows of the record are linked by the database at commit, and can neither be changed nor removed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_canonical(entry audit_record) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.actor_id, entry.actor_label, entry.on_behalf_of,
        entry.verb, entry.object_type, entry.object_id, entry.object_label, entry.before, entry.after, entry.reason,
        host(entry.address), entry.agent, entry.request_id
    )::text
$$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    last_position bigint;
    last_digest bytea;
BEGIN
    -- Held until the commit is visible, so that the chain has one end; taken at commit, when no row lock is waited for any more.
    PERFORM pg_advisory_xact_lock(482201);
    SELECT position, digest INTO last_position, last_digest FROM audit_link ORDER BY position DESC LIMIT 1;
    IF NOT FOUND THEN
        last_position := 0;
        last_digest := decode(repeat('00', 32), 'hex');
    END IF;
    INSERT INTO audit_link (position, record_id, digest)
    VALUES (last_position + 1, NEW.id, sha256(last_digest || convert_to(audit_canonical(NEW), 'UTF8')));
    RETURN NULL;
END
$$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON audit_record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();
CREATE TRIGGER audit_record_refuse BEFORE UPDATE OR DELETE ON audit_record FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_refuse BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""

BACKWARD = """
DROP TRIGGER audit_seal ON audit_record;
DROP TRIGGER audit_record_refuse ON audit_record;
DROP TRIGGER audit_link_refuse ON audit_link;
DROP FUNCTION audit_seal();
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_canonical(audit_record);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
