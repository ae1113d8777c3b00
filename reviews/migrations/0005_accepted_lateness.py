"""Reasons for which a late file counts as in time: named, frozen, taken back once with a reason."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from qa_service.common.row_guards import row_guards, unchanged

SAID = unchanged("public_id", "case_id", "reason", "accepted_by_id", "accepted_at")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0001_initial"),
        ("reviews", "0004_results_served"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptedLateness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.CharField(max_length=500)),
                ("accepted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=500)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case"],
                        condition=Q(withdrawn_at__isnull=True),
                        name="accepted_lateness_one_in_force",
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="accepted_lateness_has_a_reason"),
                    models.CheckConstraint(
                        condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                        | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                        name="accepted_lateness_withdrawn_by_somebody",
                    ),
                ],
            },
        ),
        row_guards(
            "reviews",
            (
                (
                    "lateness_frozen",
                    "UPDATE",
                    "reviews_acceptedlateness",
                    f"OLD.withdrawn_at IS NOT NULL OR NOT ({SAID})",
                ),
                ("lateness_no_delete", "DELETE", "reviews_acceptedlateness", "TRUE"),
            ),
            message="published and submitted records are frozen",
        ),
    ]
