"""A released batch names the answers as they were weighed; rows are frozen already, so older ones stay without.

The way back remakes the table on SQLite, where its guards go with it: they come again.
"""

import django.db.models.deletion
from django.db import migrations, models

from qa_service.common.row_guards import row_guards

MESSAGES = {
    "batched_frozen": "weighed and released records are frozen",
    "batched_no_delete": "decided and published records are frozen",
}
GUARDS = (
    ("batched_frozen", "UPDATE", "scoring_batchedanswer", "OLD.case_id IS NOT NULL"),
    ("batched_no_delete", "DELETE", "scoring_batchedanswer", "OLD.case_id IS NOT NULL"),
)


def guard_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for guard in GUARDS:
        row_guards("scoring", (guard,), message=MESSAGES[guard[0]]).code(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0008_statement_served_on")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField(
            "batchedanswer",
            "voice",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.casevoice"
            ),
        ),
    ]
