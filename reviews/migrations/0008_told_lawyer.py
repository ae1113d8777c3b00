"""Who was told of a result: a register may name another lawyer for the case afterwards, who was not told.

Of results told before, the lawyer whom the register names today counts as told. On the way back it is forgotten:
the table is remade on SQLite, where its other guards go with it and come again.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

from qa_service.common.row_guards import row_guards, unchanged

GUARDS = (
    (
        "case_review_told_lawyer_frozen",
        "UPDATE",
        "reviews_casereview",
        f"OLD.told_lawyer_id IS NOT NULL AND NOT ({unchanged('told_lawyer_id')})",
    ),
)


def guard_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        earlier = import_module("reviews.migrations.0004_results_served")
        guards = [guard for guard in earlier.AFTER if guard[2] == "reviews_casereview"]
        row_guards("reviews", guards, message=earlier.MESSAGE).code(apps, schema_editor)


def name_who_was_told(apps, schema_editor):
    alias = schema_editor.connection.alias
    cases = apps.get_model("cases", "Case").objects.using(alias).filter(pk=OuterRef("case"))
    told = apps.get_model("reviews", "CaseReview").objects.using(alias)
    told = told.filter(Q(objection_until__isnull=False) | Q(served_on__isnull=False))
    told.update(told_lawyer=Subquery(cases.values("lawyer")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("organisations", "0001_initial"),
        ("reviews", "0007_veto_transfers"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField(
            "casereview",
            "told_lawyer",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.lawyer",
            ),
        ),
        migrations.RunPython(name_who_was_told, migrations.RunPython.noop),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]
