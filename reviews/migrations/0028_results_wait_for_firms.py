"""A result waits while its firm has days left to mark the file itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0027_read_beside")]

    operations = [
        migrations.AlterField(
            model_name="casereview",
            name="state",
            field=models.CharField(
                choices=[
                    ("awaiting_second", "A second reader is needed"),
                    ("awaiting_third", "The readers differ: a third reader is needed"),
                    ("veto_pending", "A veto is pending: no grade yet"),
                    ("no_calendar", "Waiting for the calendar of working days"),
                    ("awaiting_firm", "Read; waits for the firm's own marks until their day"),
                    ("released", "Released"),
                ],
                max_length=16,
            ),
        ),
    ]
