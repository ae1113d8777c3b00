"""A reader who has handed in did so at a moment that is known, as whoever gave the file back."""

from typing import Any

from django.db import migrations, models

from qa_service.common.row_guards import guards_lifted

LIFTED, LAID = guards_lifted("reviews_assignment")


def handed_in_when_the_marks_were(apps: Any, _schema_editor: Any) -> None:
    assignments = apps.get_model("reviews", "Assignment").objects
    submitted = apps.get_model("reviews", "Review").objects.filter(assignment=models.OuterRef("pk"))
    without = assignments.filter(state="submitted", closed_at=None)
    without.update(closed_at=models.Subquery(submitted.values("submitted_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0032_days_at_the_desk")]

    operations = [
        LIFTED,
        migrations.RunPython(handed_in_when_the_marks_were, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="assignment", name="assignment_closed_on_a_day"),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state__in", ["submitted", "declined", "returned", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="assignment_closed_on_a_day",
            ),
        ),
        LAID,
    ]
