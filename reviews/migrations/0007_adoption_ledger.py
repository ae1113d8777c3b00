"""The ledger of arguments beside a reader's marks. It is locked with them; its words alone may be erased."""

import django.db.models.deletion
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, written_over

LOCKED = "EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = {row}.review_id AND r.state = 'submitted')"
OF_LOCKED, WAS_OF_LOCKED = LOCKED.format(row="NEW"), LOCKED.format(row="OLD")
ERASED = written_over(
    "words",
    "page",
    "judgment_page",
    "reasonable",
    others=("id", "review_id", "number", "treatment", "updated_at"),
    mark="〔已删除 erased〕",
)
# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("argument_locked_insert", "INSERT", "reviews_argument", OF_LOCKED),
    ("argument_locked_update", "UPDATE", "reviews_argument", f"({OF_LOCKED} OR {WAS_OF_LOCKED}) AND NOT ({ERASED})"),
    ("argument_no_delete", "DELETE", "reviews_argument", WAS_OF_LOCKED),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_checklist_purposes")]

    operations = [
        migrations.CreateModel(
            name="Argument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("words", models.CharField(blank=True, max_length=200)),
                ("page", models.CharField(blank=True, max_length=40)),
                ("judgment_page", models.CharField(blank=True, max_length=40)),
                (
                    "treatment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopted", "Adopted"),
                            ("partly", "Adopted in part"),
                            ("rejected", "Rejected"),
                            ("not_addressed", "Not addressed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reasonable", models.CharField(blank=True, max_length=300)),
                ("updated_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="arguments", to="reviews.review"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("review", "number"), name="argument_once_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 10)), name="argument_number_in_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("treatment__in", ["", "adopted", "partly", "rejected", "not_addressed"])
                        ),
                        name="argument_treatment_known",
                    ),
                ],
            },
        ),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]
