"""An appeal is answered, a task closed and a display stopped by somebody, with words and a day.

Guards and no constraints: two of the tables bear guards, which go when SQLite remakes a table. What was written before
is left as it is.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards

ANSWERED = "NEW.state <> 'lodged' AND (NEW.answer = '' OR NEW.decided_by_id IS NULL OR NEW.decided_at IS NULL)"
CLOSED = "NEW.state = 'done' AND (NEW.note = '' OR NEW.closed_by_id IS NULL OR NEW.done_at IS NULL)"
STOPPED = "NEW.stopped_at IS NOT NULL AND (NEW.stop_reason = '' OR NEW.stopped_by_id IS NULL)"
GUARDS = tuple(
    (f"{name}_on_{event.lower()}", event, table, refused)
    for name, table, refused in (
        ("appeal_answered", "scoring_appeal", ANSWERED),
        ("task_closed", "scoring_coachingtask", CLOSED),
        ("display_stopped", "scoring_publicdisplay", STOPPED),
    )
    for event in ("INSERT", "UPDATE")
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0016_withdraw_unprinted")]

    operations = [row_guards("scoring", GUARDS, message="who ended it, when and why is missing")]
