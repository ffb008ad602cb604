import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_first_rules"),
        ("customers", "0006_near_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("regular", "regular visit"),
                            ("launch", "launch of a product"),
                            ("orders", "orders and stock"),
                            ("opinion", "question or complaint"),
                            ("care", "care"),
                            ("other", "other"),
                        ],
                        default="regular",
                        max_length=8,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("met", "spoke with them"), ("absent", "nobody there to speak to"), ("closed", "shop was closed")],
                        default="met",
                        max_length=6,
                        verbose_name="outcome",
                    ),
                ),
                ("arrived_at", models.DateTimeField(verbose_name="arrived")),
                ("said_at", models.DateTimeField(verbose_name="by the device's clock")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                ("sheet_out", models.BooleanField(default=False, verbose_name="information sheet left")),
                ("sheet_back", models.BooleanField(default=False, verbose_name="information sheet came back")),
                ("tags_out", models.PositiveSmallIntegerField(default=0, verbose_name="price tags handed out")),
                ("material", models.CharField(blank=True, max_length=200, verbose_name="material handed out")),
                ("stock", models.CharField(blank=True, max_length=300, verbose_name="stock seen")),
                ("opinions", models.TextField(blank=True, max_length=2000, verbose_name="what they say")),
                ("results", models.TextField(blank=True, max_length=2000, verbose_name="what came of it")),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="customers.customer", verbose_name="customer"),
                ),
                ("dealing", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="visit", to="customers.dealing")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to=settings.AUTH_USER_MODEL, verbose_name="visited by"
                    ),
                ),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "ordering": ["-arrived_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("product", models.CharField(blank=True, max_length=60, verbose_name="product")),
                ("fen", models.BigIntegerField(blank=True, null=True, verbose_name="price")),
                ("visit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sightings", to="activities.visit")),
            ],
            options={
                "verbose_name": "rival seen",
                "verbose_name_plural": "rivals seen",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["-arrived_at", "-id"], name="visit_newest"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["person", "-arrived_at"], name="visit_of_person"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["customer", "-arrived_at"], name="visit_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="sighting",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen__isnull", True), models.Q(("fen__gte", 1), ("fen__lte", 100000000)), _connector="OR"), name="sighting_price"
            ),
        ),
    ]
