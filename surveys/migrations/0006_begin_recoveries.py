"""Unhappy clients' matters raised before there were steps go on from where they stand."""

from django.db import migrations

STATES = {"open": ("open", ""), "acknowledged": ("taken", ""), "closed": ("closed", "settled")}


def begin(apps, schema_editor):
    Alert, Recovery = apps.get_model("surveys", "Alert"), apps.get_model("surveys", "Recovery")
    alerts = Alert.objects.filter(kind="recovery", recovery=None).values_list("pk", "state")
    for pk, state in alerts.iterator():
        stands, ended_as = STATES[state]
        Recovery.objects.create(alert_id=pk, state=stands, ended_as=ended_as)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_recovery_and_complaints")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
