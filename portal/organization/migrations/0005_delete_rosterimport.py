from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organization", "0004_duties"), ("imports", "0002_from_rosters")]
    operations = [migrations.DeleteModel(name="RosterImport")]
