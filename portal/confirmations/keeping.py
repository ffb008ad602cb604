"""What was confirmed is never removed: the database holds it for each table whose things are confirmed."""

from django.db import migrations

TRIGGER = "kept_once_confirmed"


def keep_confirmed(app_label: str, model: str, *, table: str, pk: str = "id") -> migrations.RunSQL:
    """For a migration of the module, after `("confirmations", "0002_only_grows")`: a row of its table that somebody has confirmed cannot be deleted."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {TRIGGER} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION confirmations_keep('{app_label}', '{model}', '{pk}')",
        f"DROP TRIGGER {TRIGGER} ON {table}",
    )
