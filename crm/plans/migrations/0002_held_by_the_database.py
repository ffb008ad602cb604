"""What was sold stays and follows the dated holders; a version that is no draft is frozen, and adds up. What was handled so far is taken in."""

from django.conf import settings
from django.db import migrations

FORWARD = """
CREATE FUNCTION plans_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER plans_sold_stays BEFORE UPDATE OR DELETE ON plans_sold FOR EACH ROW EXECUTE FUNCTION plans_refuse();
CREATE TRIGGER plans_place_stays BEFORE UPDATE OR DELETE ON plans_place FOR EACH ROW EXECUTE FUNCTION plans_refuse();
CREATE TRIGGER plans_deviation_stays BEFORE UPDATE OR DELETE ON plans_deviation FOR EACH ROW EXECUTE FUNCTION plans_refuse();

CREATE FUNCTION plans_holder_of_the_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    portfolio bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.portfolio_id ELSE NEW.portfolio_id END;
    since date := CASE WHEN TG_OP = 'INSERT' THEN NEW.starts_on WHEN TG_OP = 'DELETE' THEN OLD.starts_on
        WHEN (OLD.starts_on, OLD.person_id, OLD.portfolio_id) IS DISTINCT FROM (NEW.starts_on, NEW.person_id, NEW.portfolio_id)
            THEN least(OLD.starts_on, NEW.starts_on)
        ELSE least(coalesce(OLD.ends_on, 'infinity'), coalesce(NEW.ends_on, 'infinity')) END;
BEGIN
    UPDATE plans_sold sold SET person_id = held.person_id
    FROM plans_sold same LEFT JOIN customers_portfolioholding held ON held.portfolio_id = same.portfolio_id
        AND held.starts_on <= same.day AND (held.ends_on IS NULL OR held.ends_on >= same.day)
    WHERE sold.id = same.id AND same.portfolio_id = portfolio AND same.day >= since AND sold.person_id IS DISTINCT FROM held.person_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER plans_holder_of_the_day AFTER INSERT OR UPDATE OR DELETE ON customers_portfolioholding
    FOR EACH ROW EXECUTE FUNCTION plans_holder_of_the_day();

CREATE FUNCTION plans_version_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.plan_id, NEW.number, NEW.reason, NEW.author_id) = (OLD.plan_id, OLD.number, OLD.reason, OLD.author_id)
        AND ((OLD.state, NEW.state) IN (('draft', 'draft'), ('draft', 'asked'), ('asked', 'published'), ('asked', 'refused'), ('published', 'refused'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a version of a plan is refused: % to %', TG_OP, OLD.state, NEW.state USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER plans_version_goes_on BEFORE UPDATE OR DELETE ON plans_planversion FOR EACH ROW EXECUTE FUNCTION plans_version_goes_on();

CREATE FUNCTION plans_line_of_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM plans_planversion version WHERE version.id IN (OLD.version_id, NEW.version_id) AND version.state <> 'draft') THEN
        RAISE EXCEPTION '% of a line of a plan that is no draft is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER plans_line_of_a_draft BEFORE INSERT OR UPDATE OR DELETE ON plans_planline FOR EACH ROW EXECUTE FUNCTION plans_line_of_a_draft();

CREATE FUNCTION plans_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM plans_planline line JOIN plans_planline part ON part.parent_id = line.id
        WHERE line.version_id = NEW.id GROUP BY line.id HAVING sum(part.amount) + line.held_back <> line.amount
    ) THEN
        RAISE EXCEPTION 'the parts of a plan and what is held back do not come to the whole' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER plans_adds_up AFTER INSERT OR UPDATE ON plans_planversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('asked', 'published')) EXECUTE FUNCTION plans_adds_up();
"""
BACKWARD = """
DROP TRIGGER plans_adds_up ON plans_planversion;
DROP TRIGGER plans_line_of_a_draft ON plans_planline;
DROP TRIGGER plans_version_goes_on ON plans_planversion;
DROP TRIGGER plans_holder_of_the_day ON customers_portfolioholding;
DROP TRIGGER plans_deviation_stays ON plans_deviation;
DROP TRIGGER plans_place_stays ON plans_place;
DROP TRIGGER plans_sold_stays ON plans_sold;
DROP FUNCTION plans_adds_up();
DROP FUNCTION plans_line_of_a_draft();
DROP FUNCTION plans_version_goes_on();
DROP FUNCTION plans_holder_of_the_day();
DROP FUNCTION plans_refuse();
"""
PLACES = """
INSERT INTO plans_place (department_id, path)
SELECT DISTINCT department.id, department.path
FROM customers_portfolio portfolio JOIN organization_department department ON department.id = portfolio.department_id
"""
HANDLED = """
INSERT INTO plans_sold (line_id, day, customer_id, portfolio_id, place_id, person_id, product_id, quantity, fen)
SELECT moved.id, (handling.at AT TIME ZONE %(zone)s)::date, orders.customer_id, portfolio.id, place.id, held.person_id, line.product_id,
    CASE handling.kind WHEN 'return' THEN -1 ELSE 1 END * moved.quantity, CASE handling.kind WHEN 'return' THEN -1 ELSE 1 END * moved.quantity * line.fen
FROM orders_handlingline moved JOIN orders_handling handling ON handling.id = moved.handling_id JOIN orders_orderline line ON line.id = moved.line_id
    JOIN orders_order orders ON orders.id = handling.order_id JOIN customers_customer customer ON customer.id = orders.customer_id
    JOIN customers_customer file ON file.id = customer.root_id
    LEFT JOIN customers_customer_version known ON known.id = file.id AND known.known @> handling.at
    JOIN customers_portfolio portfolio ON portfolio.id = coalesce(known.portfolio_id, file.portfolio_id)
    JOIN organization_department department ON department.id = portfolio.department_id JOIN plans_place place ON place.path = department.path
    LEFT JOIN customers_portfolioholding held ON held.portfolio_id = portfolio.id AND held.starts_on <= (handling.at AT TIME ZONE %(zone)s)::date
        AND (held.ends_on IS NULL OR held.ends_on >= (handling.at AT TIME ZONE %(zone)s)::date)
"""


def note_what_was_handled(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(PLACES)
        cursor.execute(HANDLED, {"zone": settings.TIME_ZONE})


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunPython(note_what_was_handled, migrations.RunPython.noop)]
