"""What somebody typed as a reason leaves the entry, which nobody can change, for a row whose words can be erased.

The entries are opened for this once. On the way back the words go into the entries again.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from qa_service.common.encryption import EncryptedTextField
from qa_service.common.row_guards import row_guards, unchanged

TYPED = {"cases.phone_revealed": "reason", "cases.contact_plan_changed": "why"}
BATCH = 500
GUARDS = (
    (
        "remark_frozen",
        "UPDATE",
        "audit_remark",
        f"NOT ({unchanged('entry_id', 'at')} AND (NEW.text = '' OR {unchanged('text')}))",
    ),
    ("remark_no_delete", "DELETE", "audit_remark", "OLD.entry_id IS NOT NULL"),
)


def opened(move):
    """Run it with the guards of the entries lifted."""
    guards = import_module("qa_service.audit.migrations.0002_append_only")

    def run(apps, schema_editor):
        guards.remove(apps, schema_editor)
        move(apps, schema_editor.connection.alias)
        guards.install(apps, schema_editor)

    return run


def take_out(apps, alias):
    entries = apps.get_model("audit", "Entry").objects.using(alias)
    remarks = apps.get_model("audit", "Remark").objects.using(alias)
    for action, key in TYPED.items():
        for entry in entries.filter(action=action).iterator(chunk_size=BATCH):
            words = entry.details.pop(key, "")
            if words:
                remarks.create(entry_id=entry.pk, at=entry.at, text=words)
                entries.filter(pk=entry.pk).update(details=entry.details)


def put_back(apps, alias):
    entries = apps.get_model("audit", "Entry").objects.using(alias)
    remarks = apps.get_model("audit", "Remark").objects.using(alias)
    for remark in remarks.select_related("entry").iterator(chunk_size=BATCH):
        key = TYPED.get(remark.entry.action)
        if key:
            entries.filter(pk=remark.entry_id).update(details={**remark.entry.details, key: remark.text})


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="remark",
                        serialize=False,
                        to="audit.entry",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", EncryptedTextField(blank=True)),
            ],
        ),
        migrations.RunPython(opened(take_out), opened(put_back)),
        row_guards("audit", GUARDS, message="the record is append-only"),
    ]
