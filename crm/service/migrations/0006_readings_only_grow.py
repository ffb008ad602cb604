"""What was read of a customer for a warning is only added."""

from django.db import migrations

FORWARD = "CREATE TRIGGER service_warningreading_stays BEFORE UPDATE OR DELETE ON service_warningreading FOR EACH ROW EXECUTE FUNCTION service_refuse();"
BACKWARD = "DROP TRIGGER service_warningreading_stays ON service_warningreading;"


class Migration(migrations.Migration):
    dependencies = [("service", "0005_warnings_and_reports")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
