"""Confirmed vetoes handed on to another organ: when, to whom, under what reference; frozen."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from qa_service.common.row_guards import row_guards


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reviews", "0006_vetoes_served"),
    ]

    operations = [
        migrations.CreateModel(
            name="VetoTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("organ", models.CharField(max_length=100)),
                ("reference", models.CharField(max_length=100)),
                ("transferred_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "veto_mark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="reviews.vetomark"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["veto_mark"], name="veto_transferred_once"),
                    models.CheckConstraint(
                        condition=~Q(organ="") & ~Q(reference=""), name="veto_transfer_says_where"
                    ),
                ],
            },
        ),
        row_guards(
            "reviews",
            (
                ("transfer_frozen", "UPDATE", "reviews_vetotransfer", "OLD.id IS NOT NULL"),
                ("transfer_no_delete", "DELETE", "reviews_vetotransfer", "OLD.id IS NOT NULL"),
            ),
            message="published and submitted records are frozen",
        ),
    ]
