"""When a lawyer's answer came in on paper: what came in time is taken, whenever somebody types it in.

A plain column and a guard of its own: no table is remade on SQLite, where earlier guards would go with it.
"""

from django.db import migrations, models

from qa_service.common.row_guards import row_guards

LATE = "NEW.due_on IS NOT NULL AND NEW.received_on > NEW.due_on"
GUARDS = (
    (
        "statement_received_in_time",
        "UPDATE",
        "scoring_statement",
        f"NEW.received_on IS NOT NULL AND (NEW.submitted_at IS NULL OR {LATE})",
    ),
    (
        "statement_receipt_frozen",
        "UPDATE",
        "scoring_statement",
        "OLD.submitted_at IS NOT NULL AND NEW.received_on IS DISTINCT FROM OLD.received_on",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0013_erased_words")]

    operations = [
        migrations.AddField("statement", "received_on", models.DateField(blank=True, null=True)),
        row_guards("scoring", GUARDS, message="an answer on paper is given, and came in time"),
    ]
