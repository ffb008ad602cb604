"""Time in a stage is ended once and never changed or taken away; a step is written once. The stages with which a plant begins."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION sales_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION sales_span_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.left_at IS NULL AND NEW.left_at IS NOT NULL
        AND (NEW.id, NEW.opportunity_id, NEW.stage_id, NEW.entered_at, NEW.actor_id)
            = (OLD.id, OLD.opportunity_id, OLD.stage_id, OLD.entered_at, OLD.actor_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'time in a stage is ended once, nothing else is changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER sales_stagespan_ends_once BEFORE UPDATE ON sales_stagespan FOR EACH ROW EXECUTE FUNCTION sales_span_ends_once();
CREATE TRIGGER sales_stagespan_stays BEFORE DELETE ON sales_stagespan FOR EACH ROW EXECUTE FUNCTION sales_refuse();
CREATE TRIGGER sales_step_stays BEFORE UPDATE OR DELETE ON sales_step FOR EACH ROW EXECUTE FUNCTION sales_refuse();
"""
BACKWARD = """
DROP TRIGGER sales_step_stays ON sales_step;
DROP TRIGGER sales_stagespan_stays ON sales_stagespan;
DROP TRIGGER sales_stagespan_ends_once ON sales_stagespan;
DROP FUNCTION sales_span_ends_once();
DROP FUNCTION sales_refuse();
"""
STAGES = {
    "transactional": (("线索确认", "Lead confirmed"), ("报价", "Quoted"), ("成交", "Ordered")),
    "relationship": (
        ("线索确认", "Lead confirmed"),
        ("需求洽谈", "Needs discussed"),
        ("方案报价", "Proposal and quotation"),
        ("试销上柜", "On trial"),
        ("签约", "Signed"),
    ),
}


def seed_stages(apps, schema_editor):
    stage = apps.get_model("sales", "Stage")
    for kind, names in STAGES.items():
        stage.objects.bulk_create([stage(kind=kind, name=name, name_en=name_en, place=10 * (n + 1)) for n, (name, name_en) in enumerate(names)])


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunPython(seed_stages, migrations.RunPython.noop)]
