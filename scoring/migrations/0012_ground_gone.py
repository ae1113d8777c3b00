"""Since when the case of a rectification in force no longer fails. A plain column: no table is remade on SQLite.

Rectifications whose ground went before are found when the rules next look at their case.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0011_notices_served")]

    operations = [
        migrations.AddField("notice", "ground_gone_at", models.DateTimeField(blank=True, null=True)),
    ]
