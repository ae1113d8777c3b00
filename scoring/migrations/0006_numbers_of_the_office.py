"""A notice may bear the number that the bureau's office gave; then it has none in the centre's own series.

The way back is open while no such notice was issued.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.migrations import RunPython

from qa_service.common.row_guards import row_guards

BEFORE = import_module("scoring.migrations.0003_frozen_decisions")
OF_NOTICES = "scoring_notice"
LAID = tuple(
    row_guards("scoring", tuple(guard for guard in guards if guard[2] == OF_NOTICES), message=message)
    for guards, message in (
        (BEFORE.DECIDED, "decided and published records are frozen"),
        (BEFORE.SERVED, "what was said and decided is never changed"),
    )
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0005_scheme_drafts")]

    operations = [
        *(RunPython(laid.reverse_code, laid.code) for laid in LAID),
        migrations.AlterField(
            model_name="notice",
            name="number",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=["issuer", "label"], name="notice_label_once"),
        ),
        *LAID,
    ]
