"""The last numbers of documents move to `portal.numbers`, which counts for every module; each sequence goes on where it was."""

from django.db import migrations

SERIES = "bulletin.document"


def move(apps, schema_editor):
    held, sequences = apps.get_model("bulletin", "DocumentSequence").objects, apps.get_model("numbers", "NumberSequence").objects
    sequences.bulk_create(
        [
            sequences.model(series=SERIES, scope=key, period=year, last_number=number)
            for key, year, number in held.values_list("prefix_key", "year", "last_number")
        ]
    )


def move_back(apps, schema_editor):
    held, sequences = apps.get_model("bulletin", "DocumentSequence").objects, apps.get_model("numbers", "NumberSequence").objects
    moved = sequences.filter(series=SERIES)
    held.bulk_create([held.model(prefix_key=key, year=year, last_number=number) for key, year, number in moved.values_list("scope", "period", "last_number")])
    moved.delete()


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0008_one_number_once"), ("numbers", "0001_initial")]

    operations = [migrations.RunPython(move, move_back), migrations.DeleteModel(name="DocumentSequence")]
