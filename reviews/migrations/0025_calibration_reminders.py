from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0024_frozen_samples")]

    operations = [
        migrations.AddField("calibrationround", "reminded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("calibrationround", "nudged_at", models.DateTimeField(blank=True, null=True)),
    ]
