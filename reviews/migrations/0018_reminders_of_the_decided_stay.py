"""When those who decide were reminded of an objection stays as it was once they have decided."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

STAMPS = unchanged("reminded_at", "nudged_at")
# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("objection_reminders_stay", "UPDATE", "reviews_objection", f"OLD.state <> 'lodged' AND NOT ({STAMPS})"),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0017_objection_reminders")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
