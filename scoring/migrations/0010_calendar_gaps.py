"""A statement and an appeal wait for the calendar of working days instead of being refused; the day is set once.

Both tables are remade on SQLite, so their guards go first and come again. The way back stands open while no row waits.
"""

from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged

FROZEN = "decided and published records are frozen"
SAID = "what was said and decided is never changed"
ASKED = unchanged("proposal_id", "notified_at", "notified_by_id")
LODGED = unchanged("public_id", "notice_id", "lodged_by_id", "lodged_at", "text")
ANSWERED = unchanged("state", "answer", "decided_by_id", "decided_at")
DUE = unchanged("due_on")
DUE_ONCE = f"(OLD.due_on IS NULL OR {DUE})"


def frozen(due):
    return (
        ("statement_frozen", "UPDATE", "scoring_statement", f"OLD.submitted_at IS NOT NULL OR NOT ({ASKED} AND {due})"),
        (
            "appeal_frozen",
            "UPDATE",
            "scoring_appeal",
            f"NOT ({LODGED} AND {due} AND (OLD.state = 'lodged' OR ({ANSWERED})))",
        ),
        ("statement_no_delete", "DELETE", "scoring_statement", "OLD.id IS NOT NULL"),
        ("appeal_no_delete", "DELETE", "scoring_appeal", "OLD.id IS NOT NULL"),
    )


SERVICE = (
    ("statement_service_frozen", "UPDATE", "scoring_statement", "NEW.served_on IS DISTINCT FROM OLD.served_on"),
)


def without(guards, message):
    laid = row_guards("scoring", guards, message=message)
    return migrations.RunPython(laid.reverse_code, laid.code)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0009_batched_voice")]

    operations = [
        without(frozen(DUE), FROZEN),
        without(SERVICE, SAID),
        migrations.AlterField("statement", "due_on", models.DateField(blank=True, null=True)),
        migrations.AlterField("appeal", "due_on", models.DateField(blank=True, null=True)),
        row_guards("scoring", frozen(DUE_ONCE), message=FROZEN),
        row_guards("scoring", SERVICE, message=SAID),
    ]
