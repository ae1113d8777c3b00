"""Installations that published the organs' questionnaire before there was a way to ask get its default plan."""

from django.db import migrations
from django.db.models import Q

KEY = "organ-opinion"


def plan(apps, schema_editor):
    Plan, Questionnaire = apps.get_model("surveys", "Plan"), apps.get_model("surveys", "Questionnaire")
    if not Questionnaire.objects.filter(~Q(state="draft"), key=KEY).exists():
        return
    Plan.objects.get_or_create(
        wave="closing",
        audience="organ",
        centre=None,
        defaults={
            "questionnaire_key": KEY,
            "contact_days": [0, 14, 28],
            "closes_after_days": 45,
            "late_until_days": 90,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0019_organs")]

    operations = [migrations.RunPython(plan, migrations.RunPython.noop)]
