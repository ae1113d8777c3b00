"""A closed period and its corrections: rows that nobody may change or delete."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards

GUARDS = (
    ("closed_period_frozen", "UPDATE", "scoring_closedperiod", "OLD.id IS NOT NULL"),
    ("closed_period_no_delete", "DELETE", "scoring_closedperiod", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_self_assessment_counts"),
        ("scoring", "0006_numbers_of_the_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("start", models.DateField()),
                ("end", models.DateField()),
                ("version", models.PositiveIntegerField()),
                ("figures", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("band_low", models.PositiveSmallIntegerField(null=True)),
                ("band_high", models.PositiveSmallIntegerField(null=True)),
                ("band_lawyers", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("closed_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-end", "start", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "start", "end", "version"), name="closed_period_once"),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="closed_period_has_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("version", 1)),
                            models.Q(("version__gt", 1), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="closed_period_corrected_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("band_high", None), ("band_lawyers", 0), ("band_low", None)),
                            models.Q(
                                ("band_high__lte", 100),
                                ("band_lawyers__gte", 8),
                                ("band_low__isnull", False),
                                ("band_low__lte", models.F("band_high")),
                            ),
                            _connector="OR",
                        ),
                        name="closed_period_band_of_eight",
                    ),
                ],
            },
        ),
        row_guards("scoring", GUARDS, message="closed periods are frozen"),
    ]
