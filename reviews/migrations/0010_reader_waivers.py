"""That nobody further reads a file although its grade takes another reader: who decided it and why. Frozen, but for the erasure of its words."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from qa_service.common.row_guards import row_guards, written_over

OTHERS = ("id", "case_id", "readers", "decided_by_id", "decided_at")
ERASED = written_over("reason", others=OTHERS, mark="〔已删除 erased〕")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0011_reader_requests"),
        ("reviews", "0009_erased_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReaderWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("readers", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("decided_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(reason=""), name="reader_waiver_has_a_reason"),
                ],
            },
        ),
        row_guards(
            "reviews",
            (
                ("waiver_frozen", "UPDATE", "reviews_readerwaiver", f"NOT ({ERASED})"),
                ("waiver_no_delete", "DELETE", "reviews_readerwaiver", "OLD.id IS NOT NULL"),
            ),
            message="published and submitted records are frozen",
        ),
    ]
