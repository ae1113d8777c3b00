"""How many clients were satisfied is counted in batches that are frozen, and which cases went in, once for ever."""

import django.db.models.deletion
from django.db import migrations, models

from qa_service.common.row_guards import row_guards

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("satisfaction_frozen", "UPDATE", "scoring_satisfactionbatch", "OLD.id IS NOT NULL"),
    ("satisfaction_no_delete", "DELETE", "scoring_satisfactionbatch", "OLD.id IS NOT NULL"),
    ("rated_frozen", "UPDATE", "scoring_ratedcase", "OLD.case_id IS NOT NULL"),
    ("rated_no_delete", "DELETE", "scoring_ratedcase", "OLD.case_id IS NOT NULL"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_tables"),
        ("organisations", "0001_tables"),
        ("scoring", "0003_frozen_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SatisfactionBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.DateField()),
                ("number", models.PositiveIntegerField()),
                ("n", models.PositiveIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("satisfied", models.PositiveIntegerField()),
                ("released_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "quarter", "number"), name="satisfaction_batch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 5), ("n__gte", models.F("people"))),
                        name="satisfaction_batch_not_small",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("satisfied__lte", models.F("n"))), name="satisfaction_batch_in_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedCase",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="scoring.satisfactionbatch",
                    ),
                ),
            ],
        ),
        row_guards("scoring", GUARDS, message="released records are frozen"),
    ]
