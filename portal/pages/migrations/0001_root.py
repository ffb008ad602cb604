from django.db import migrations


def name_root(apps, schema_editor):
    apps.get_model("wagtailcore", "Page").objects.filter(depth=1).update(title="全部 · All", draft_title="全部 · All")


class Migration(migrations.Migration):
    """The editor shows the title of the tree's root to whoever writes in several places."""

    dependencies = [("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(name_root, migrations.RunPython.noop)]
