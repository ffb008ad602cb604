"""A document number is given once in the plant: sequences belong to prefixes, and a prefix to one board.

Where two boards had one prefix, it stays with the one that numbered under it first; the other has none until its head sets one. Documents keep the
numbers that they were published with, also those that were given twice.
"""

from django.db import migrations, models
from django.db.models import Max, Min

from bulletin.prefixes import document_key, prefix_key


def fill(apps, schema_editor):
    notices, boards, sequences = (apps.get_model("bulletin", name).objects for name in ("Notice", "DepartmentBoard", "DocumentSequence"))
    numbered = notices.filter(document_number__isnull=False)
    last: dict[tuple[str, int], int] = {}
    for prefix, year, number in numbered.values_list("document_prefix", "document_year").annotate(Max("document_number")).order_by():
        place = (prefix_key(prefix), year)
        last[place] = max(last.get(place, 0), number)
    sequences.bulk_create([sequences.model(prefix_key=key, year=year, last_number=number) for (key, year), number in last.items()])

    known: set[str] = set()
    for pk, prefix, year, number in numbered.order_by("published_at", "pk").values_list("pk", "document_prefix", "document_year", "document_number"):
        key = document_key(prefix, year, number)
        if key not in known:
            known.add(key)
            notices.filter(pk=pk).update(document_key=key)

    first = {
        (department, prefix_key(prefix)): published_at
        for department, prefix, published_at in numbered.values_list("department", "document_prefix").annotate(Min("published_at")).order_by()
    }
    holders = []
    for board in boards.exclude(document_prefix=""):
        key = prefix_key(board.document_prefix)
        began_at = first.get((board.department_id, key))
        holders.append((began_at is None, began_at.timestamp() if began_at else 0, board.pk, key))
    held: set[str] = set()
    for _is_unused, _began_at, pk, key in sorted(holders):
        boards.filter(pk=pk).update(**({"prefix_key": key} if key and key not in held else {"document_prefix": ""}))
        held.add(key)


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0007_feed_address_unused")]
    operations = [
        migrations.AddField(
            model_name="departmentboard",
            name="prefix_key",
            field=models.CharField(blank=True, default="", editable=False, help_text="What its spellings have in common (`bulletin.prefixes`).", max_length=80),
        ),
        migrations.AddField(
            model_name="notice",
            name="document_key",
            field=models.CharField(
                editable=False,
                help_text="Its number in the whole plant; none where it had one that was given twice.",
                max_length=100,
                null=True,
                unique=True,
            ),
        ),
        migrations.RemoveConstraint(model_name="notice", name="document_numbers_are_given_once"),
        migrations.RunSQL("DELETE FROM bulletin_documentsequence", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="documentsequence", name="one_sequence_per_department_and_year"),
        migrations.RemoveField(model_name="documentsequence", name="department"),
        migrations.AddField(model_name="documentsequence", name="prefix_key", field=models.CharField(default="", max_length=80), preserve_default=False),
        migrations.AddConstraint(
            model_name="documentsequence",
            constraint=models.UniqueConstraint(fields=("prefix_key", "year"), name="one_sequence_per_prefix_and_year"),
        ),
        migrations.AddConstraint(
            model_name="departmentboard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("prefix_key", ""), _negated=True), fields=("prefix_key",), name="a_prefix_belongs_to_one_board"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
