"""What weighing asks of file review: another reader where the grade of the case takes one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_erased_clients")]

    operations = [
        migrations.CreateModel(
            name="ReaderRequest",
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
                ("readers", models.PositiveSmallIntegerField()),
                ("for_fail", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
            ],
        ),
    ]
