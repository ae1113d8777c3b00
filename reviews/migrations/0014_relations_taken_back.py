"""A declared relation can be taken back; the one that stands is declared once."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0013_frozen_self_assessments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="relation", name="relation_lawyer_once"),
        migrations.RemoveConstraint(model_name="relation", name="relation_firm_once"),
        migrations.AddField("relation", "taken_back_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("relation", "taken_back_reason", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddConstraint(
            "relation",
            models.UniqueConstraint(
                condition=Q(taken_back_at=None), fields=("reviewer", "lawyer"), name="relation_lawyer_once_standing"
            ),
        ),
        migrations.AddConstraint(
            "relation",
            models.UniqueConstraint(
                condition=Q(taken_back_at=None), fields=("reviewer", "firm"), name="relation_firm_once_standing"
            ),
        ),
        migrations.AddConstraint(
            "relation",
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_reason="")
                | Q(taken_back_at__isnull=False) & ~Q(taken_back_reason=""),
                name="relation_taken_back_with_a_reason",
            ),
        ),
    ]
