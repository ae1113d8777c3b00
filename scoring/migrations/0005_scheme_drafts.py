"""A scheme is written as a draft, with a note and a day from which it weighs; published it is frozen as before.

The table is remade on SQLite, so its guards are lifted first and laid again afterwards.
"""

from importlib import import_module

from django.db import migrations, models

from qa_service.common.row_guards import row_guards

BEFORE = import_module("scoring.migrations.0002_frozen_scores")
OF_SCHEMES = "scoring_scheme"
CHANGED = row_guards(
    "scoring",
    [guard for guard in BEFORE.CHANGES if guard[2] == OF_SCHEMES],
    message="weighed and released records are frozen",
)
REMOVED = row_guards(
    "scoring",
    [guard for guard in BEFORE.REMOVALS if guard[2] == OF_SCHEMES],
    message="decided and published records are frozen",
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0004_satisfaction_batches")]

    operations = [
        migrations.RunPython(CHANGED.reverse_code, CHANGED.code),
        migrations.RunPython(REMOVED.reverse_code, REMOVED.code),
        migrations.AddField("scheme", "note", models.CharField(blank=True, default="", max_length=500)),
        migrations.AddField("scheme", "revision", models.PositiveIntegerField(default=0)),
        migrations.AddField("scheme", "effective_from", models.DateField(blank=True, null=True)),
        migrations.AlterField("scheme", "digest", models.CharField(blank=True, max_length=64)),
        migrations.AddConstraint(
            "scheme",
            models.CheckConstraint(
                condition=models.Q(published_at=None, effective_from=None)
                | models.Q(published_at__isnull=False) & ~models.Q(digest=""),
                name="scheme_published_whole",
            ),
        ),
        CHANGED,
        REMOVED,
    ]
