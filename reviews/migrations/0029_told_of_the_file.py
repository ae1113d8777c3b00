"""Whether a lawyer was told here that their file was sent back or is overdue, and how where they have no account.

The table is remade on SQLite, so its guards are lifted first and laid again afterwards.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

from qa_service.common.row_guards import row_guards

BEFORE = import_module("reviews.migrations.0004_frozen_files")
MESSAGE = "published and submitted records are frozen"
OF_EVENTS = tuple(guard for guard in BEFORE.GUARDS if guard[2] == "reviews_fileevent")
LAID_BEFORE = row_guards("reviews", OF_EVENTS, message=MESSAGE)
ALL = BEFORE.only_erased("words", "told_how", others=(*BEFORE.EVENT, "told_here"))
LAID = row_guards(
    "reviews",
    tuple(
        (name, event, table, ALL if name == "file_event_frozen" else condition)
        for name, event, table, condition in OF_EVENTS
    ),
    message=MESSAGE,
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0028_results_wait_for_firms")]

    operations = [
        migrations.RunPython(LAID_BEFORE.reverse_code, LAID_BEFORE.code),
        migrations.AddField("fileevent", "told_here", models.BooleanField(null=True)),
        migrations.AddField("fileevent", "told_how", models.CharField(blank=True, default="", max_length=500)),
        migrations.AddConstraint(
            model_name="fileevent",
            constraint=models.CheckConstraint(
                condition=Q(told_here__isnull=True)
                | Q(told_here=True)
                | Q(act="reminded") & ~Q(words="")
                | Q(act="returned") & ~Q(told_how=""),
                name="file_event_told_somehow",
            ),
        ),
        LAID,
    ]
