"""The list of all scores in force, the newest first, without sorting them all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_closed_periods")]

    operations = [
        migrations.AddIndex(
            model_name="casescore",
            index=models.Index(
                condition=models.Q(("is_current", True)), fields=["-closed_on", "-id"], name="case_score_newest"
            ),
        ),
    ]
