"""A post under a mask has a seal, a seal is never changed, and is read for a ceremony that both sides agreed to alone."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION forum_require_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM forum_seal WHERE post_id = NEW.id) THEN
        RAISE EXCEPTION 'post % has a mask and no seal', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER forum_post_mask_has_a_seal AFTER INSERT OR UPDATE OF mask ON forum_post
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.mask IS NOT NULL) EXECUTE FUNCTION forum_require_seal();

CREATE TRIGGER forum_seal_refuse BEFORE UPDATE OR DELETE ON forum_seal FOR EACH ROW EXECUTE FUNCTION forum_refuse();

CREATE FUNCTION forum_open_seal(ceremony uuid) RETURNS TABLE (box bytea, first_key bigint, second_key bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT seal.box, seal.first_key_id, seal.second_key_id FROM forum_seal seal JOIN forum_ceremony asked ON asked.post_id = seal.post_id
    WHERE asked.uuid = ceremony AND asked.state IN ('agreed', 'passed') AND asked.answered_by_id <> asked.asked_by_id
$$;

-- An unsealing only goes forward, and what was asked for stays as it was.
CREATE FUNCTION forum_ceremony_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (OLD.uuid, OLD.post_id, OLD.asker_role, OLD.reason, OLD.reference, OLD.asked_by_id, OLD.asked_at)
            IS DISTINCT FROM (NEW.uuid, NEW.post_id, NEW.asker_role, NEW.reason, NEW.reference, NEW.asked_by_id, NEW.asked_at)
        OR (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
            (('asked', 'agreed'), ('asked', 'refused'), ('agreed', 'passed'), ('passed', 'opened')))
    THEN
        RAISE EXCEPTION 'an unsealing only goes forward' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER forum_ceremony_forward BEFORE UPDATE OR DELETE ON forum_ceremony FOR EACH ROW EXECUTE FUNCTION forum_ceremony_goes_forward();
"""

BACKWARD = """
DROP TRIGGER forum_ceremony_forward ON forum_ceremony;
DROP FUNCTION forum_ceremony_goes_forward();
DROP FUNCTION forum_open_seal(uuid);
DROP TRIGGER forum_seal_refuse ON forum_seal;
DROP TRIGGER forum_post_mask_has_a_seal ON forum_post;
DROP FUNCTION forum_require_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0003_sealed_authors")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
