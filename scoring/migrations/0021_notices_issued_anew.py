"""A proposal has one notice of a kind that stands. What was withdrawn for a slip of the pen is issued anew beside it.

The way back is open while nothing was issued anew.
"""

from django.db import migrations, models

from qa_service.common.row_guards import guards_lifted

LIFTED, LAID = guards_lifted("scoring_notice")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0020_supervisory_letters")]

    operations = [
        LIFTED,
        migrations.RemoveConstraint(model_name="notice", name="notice_kind_once"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("proposal", "kind"),
                name="notice_kind_once",
            ),
        ),
        LAID,
    ]
