"""What holds of papers whatever the code does.

Versions, contents, votes and events are only added. A vote is on the content that the paper has now, by somebody who did not begin it. At the end of
each transaction a paper that is under way has one open step with an open task whose seat somebody holds today, and any other has none.
"""

from django.db import migrations

GROWS = ("formversion", "routeversion", "content", "vote", "event")

REFUSE = """
CREATE FUNCTION approvals_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
""" + "".join(
    f"CREATE TRIGGER approvals_{table}_refuse BEFORE UPDATE OR DELETE ON approvals_{table} FOR EACH ROW EXECUTE FUNCTION approvals_refuse();\n"
    for table in GROWS
)

COMPOSED = """
ALTER TABLE approvals_paper ADD CONSTRAINT paper_form_of_kind FOREIGN KEY (form_id, kind_id) REFERENCES approvals_formversion (id, kind_id);
ALTER TABLE approvals_paper ADD CONSTRAINT paper_route_of_kind FOREIGN KEY (route_id, kind_id) REFERENCES approvals_routeversion (id, kind_id);
ALTER TABLE approvals_paper ADD CONSTRAINT paper_content_its_own FOREIGN KEY (content_id, id) REFERENCES approvals_content (id, paper_id);
ALTER TABLE approvals_task ADD CONSTRAINT task_step_of_paper FOREIGN KEY (step_id, paper_id) REFERENCES approvals_step (id, paper_id);
ALTER TABLE approvals_vote ADD CONSTRAINT vote_step_of_paper FOREIGN KEY (step_id, paper_id) REFERENCES approvals_step (id, paper_id);
ALTER TABLE approvals_vote ADD CONSTRAINT vote_task_of_step FOREIGN KEY (task_id, step_id) REFERENCES approvals_task (id, step_id);
ALTER TABLE approvals_vote ADD CONSTRAINT vote_content_of_paper FOREIGN KEY (content_id, paper_id) REFERENCES approvals_content (id, paper_id);
"""

VOTE = """
CREATE FUNCTION approvals_check_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    began bigint;
    says bigint;
BEGIN
    SELECT originator_id, content_id INTO began, says FROM approvals_paper WHERE id = NEW.paper_id;
    IF NEW.content_id IS DISTINCT FROM says THEN
        RAISE EXCEPTION 'a vote is on what paper % says now', NEW.paper_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.decision IN ('approve', 'refuse', 'return') AND began IN (NEW.person_id, NEW.principal_id) THEN
        RAISE EXCEPTION 'nobody decides on paper % who began it', NEW.paper_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approvals_vote_check BEFORE INSERT ON approvals_vote FOR EACH ROW EXECUTE FUNCTION approvals_check_vote();
"""

# Seats are tokens of standings. Behind those who keep papers stand the administrators, so that seat always counts as held.
MOVES = """
CREATE FUNCTION approvals_check_paper(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    paper approvals_paper%ROWTYPE;
    opened approvals_step%ROWTYPE;
BEGIN
    SELECT * INTO paper FROM approvals_paper WHERE id = checked;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO opened FROM approvals_step WHERE paper_id = checked AND state = 'open';
    IF (paper.state IN ('running', 'returned')) <> (opened.id IS NOT NULL) THEN
        RAISE EXCEPTION 'paper % is % and its open step is %', checked, paper.state, opened.id USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM approvals_task WHERE paper_id = checked AND state IN ('open', 'waiting') AND step_id IS DISTINCT FROM opened.id) THEN
        RAISE EXCEPTION 'a task of paper % is open in a step that is not', checked USING ERRCODE = 'check_violation';
    END IF;
    IF opened.id IS NOT NULL AND NOT EXISTS (
        SELECT FROM approvals_task t WHERE t.step_id = opened.id AND t.state = 'open' AND t.place <> 'opinion' AND (
            t.seat LIKE 'cap:%' OR EXISTS (
                SELECT FROM access_standing h JOIN accounts_user u ON u.id = h.user_id
                WHERE h.tokens @> ARRAY[t.seat]::varchar[] AND u.is_active AND (u.id <> paper.originator_id OR opened.kind = 'revise')
            )
        )
    ) THEN
        RAISE EXCEPTION 'nobody can act on paper %', checked USING ERRCODE = 'check_violation';
    END IF;
END
$$;
CREATE FUNCTION approvals_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'approvals_paper' THEN
        PERFORM approvals_check_paper(NEW.id);
    ELSE
        PERFORM approvals_check_paper(NEW.paper_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER approvals_paper_moves AFTER INSERT OR UPDATE OF state, originator_id ON approvals_paper
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION approvals_moves();
CREATE CONSTRAINT TRIGGER approvals_step_moves AFTER INSERT OR UPDATE OF state ON approvals_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION approvals_moves();
CREATE CONSTRAINT TRIGGER approvals_task_moves AFTER INSERT OR UPDATE OF state, seat ON approvals_task
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION approvals_moves();
"""

BACKWARD = (
    """
DROP TRIGGER approvals_task_moves ON approvals_task;
DROP TRIGGER approvals_step_moves ON approvals_step;
DROP TRIGGER approvals_paper_moves ON approvals_paper;
DROP FUNCTION approvals_moves();
DROP FUNCTION approvals_check_paper(bigint);
DROP TRIGGER approvals_vote_check ON approvals_vote;
DROP FUNCTION approvals_check_vote();
ALTER TABLE approvals_vote DROP CONSTRAINT vote_content_of_paper, DROP CONSTRAINT vote_task_of_step, DROP CONSTRAINT vote_step_of_paper;
ALTER TABLE approvals_task DROP CONSTRAINT task_step_of_paper;
ALTER TABLE approvals_paper DROP CONSTRAINT paper_content_its_own, DROP CONSTRAINT paper_route_of_kind, DROP CONSTRAINT paper_form_of_kind;
"""
    + "".join(f"DROP TRIGGER approvals_{table}_refuse ON approvals_{table};\n" for table in GROWS)
    + "DROP FUNCTION approvals_refuse();"
)

# Rights of posts are new in standings: all are computed anew when they are next asked for.
STANDINGS = "UPDATE access_standing SET stale_on = computed_on;"


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("access", "__first__"), ("accounts", "__first__")]

    operations = [
        migrations.RunSQL(REFUSE + COMPOSED + VOTE + MOVES, BACKWARD),
        migrations.RunSQL(STANDINGS, migrations.RunSQL.noop),
    ]
