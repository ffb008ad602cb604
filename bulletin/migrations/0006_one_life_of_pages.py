"""What was planned when notices and news each had a schedule of their own is carried out by the one of all pages."""

from django.db import migrations

RENAME = """
UPDATE outbox_effect SET kind = 'pages.publish_due' WHERE kind IN ('bulletin.publish_due', 'bulletin.news_publish_due');
UPDATE outbox_effect SET kind = 'pages.expire_due', payload = jsonb_build_object('page', COALESCE(payload -> 'notice', payload -> 'item'))
WHERE kind IN ('bulletin.expire_due', 'bulletin.news_expire_due');
"""


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0005_pinned"), ("outbox", "0001_initial")]
    operations = [migrations.RunSQL(RENAME, migrations.RunSQL.noop)]
