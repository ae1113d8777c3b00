"""Days on which a file lay at the desk are told apart; of those already there they are counted with the next act.

Empty and without a default SQLite adds the column in place: guards refer to the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0031_checks_that_nothing_passed")]

    operations = [
        migrations.AddField(
            model_name="fileacceptance",
            name="desk_days",
            field=models.PositiveIntegerField(null=True, blank=True),
        )
    ]
