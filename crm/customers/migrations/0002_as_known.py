"""Each change of a file leaves what it was; names and numbers are looked up by their parts."""

from django.db import migrations

from portal.foundation.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [KeepHistory("Customer"), KeepHistory("Contact"), KeepHistory("ReachPoint")]
