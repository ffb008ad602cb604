"""A published version is frozen, with its questions; what was answered only grows; an anonymous answer has no name, whoever writes it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION surveys_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION '% of a version that was published is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER surveys_version_is_frozen BEFORE UPDATE OR DELETE ON surveys_surveyversion FOR EACH ROW EXECUTE FUNCTION surveys_version_is_frozen();

CREATE FUNCTION surveys_question_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM surveys_surveyversion version WHERE version.id IN (OLD.version_id, NEW.version_id) AND version.published_at IS NOT NULL) THEN
        RAISE EXCEPTION '% of a question that was published is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER surveys_question_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON surveys_question FOR EACH ROW EXECUTE FUNCTION surveys_question_is_frozen();

CREATE FUNCTION surveys_promise_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND ((NEW.is_anonymous, NEW.whom, NEW.title) <> (OLD.is_anonymous, OLD.whom, OLD.title) OR NEW.state = 'draft') THEN
        RAISE EXCEPTION 'what a published survey promises is not changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER surveys_promise_stays BEFORE UPDATE ON surveys_survey FOR EACH ROW EXECUTE FUNCTION surveys_promise_stays();

CREATE FUNCTION surveys_nameless() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.person_id IS NOT NULL OR NEW.customer_id IS NOT NULL) AND (SELECT is_anonymous FROM surveys_survey WHERE id = NEW.survey_id) THEN
        RAISE EXCEPTION 'an anonymous answer has no name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER surveys_nameless BEFORE INSERT ON surveys_response FOR EACH ROW EXECUTE FUNCTION surveys_nameless();

CREATE FUNCTION surveys_answered_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'surveys_response' THEN
        NEW.is_counted := OLD.is_counted AND NEW.is_counted;
        IF (to_jsonb(NEW) - 'is_counted') = (to_jsonb(OLD) - 'is_counted') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER surveys_response_stays BEFORE UPDATE OR DELETE ON surveys_response FOR EACH ROW EXECUTE FUNCTION surveys_answered_stays();
CREATE TRIGGER surveys_answer_stays BEFORE UPDATE OR DELETE ON surveys_answer FOR EACH ROW EXECUTE FUNCTION surveys_answered_stays();
"""
BACKWARD = """
DROP TRIGGER surveys_answer_stays ON surveys_answer;
DROP TRIGGER surveys_response_stays ON surveys_response;
DROP TRIGGER surveys_nameless ON surveys_response;
DROP TRIGGER surveys_promise_stays ON surveys_survey;
DROP TRIGGER surveys_question_is_frozen ON surveys_question;
DROP TRIGGER surveys_version_is_frozen ON surveys_surveyversion;
DROP FUNCTION surveys_answered_stays();
DROP FUNCTION surveys_nameless();
DROP FUNCTION surveys_promise_stays();
DROP FUNCTION surveys_question_is_frozen();
DROP FUNCTION surveys_version_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
