"""What was told of a thing is taken back by its address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.AddIndex(model_name="notification", index=models.Index(fields=["url"], name="notification_url"))]
