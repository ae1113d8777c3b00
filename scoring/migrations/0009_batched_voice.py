"""A released batch names the answers as they were weighed; rows are frozen already, so older ones stay without."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0008_statement_served_on")]

    operations = [
        migrations.AddField(
            "batchedanswer",
            "voice",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.casevoice"
            ),
        ),
    ]
