"""A lawyer without an account is told of a result on paper; their time to object begins then, not on release.

Results released before to lawyers who have no account were told to nobody: their time to object has not begun, so the
day that was reckoned for them is taken back, unless they objected. The way back stands open until the first of these.

Objections are frozen as lodged and as decided. The tables of results are remade on SQLite, so their guards go first
and come again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

from qa_service.common.row_guards import row_guards, unchanged

MESSAGE = "published and submitted records are frozen"
CONTENT = (
    "public_id", "case_id", "version", "state", "score", "grade", "grade_cap", "veto_state", "vetoes", "method",
    "readers", "spread", "agreed", "limited", "items", "reason", "released_at",
)  # fmt: skip
AS_BEFORE = unchanged(*CONTENT[1:], "objection_until")


def once(*columns):
    """Each may be filled while it is empty, and never again."""
    return " AND ".join(f"(OLD.{column} IS NULL OR {unchanged(column)})" for column in columns)


# Told once, in one way: who was told on their home is not served on paper afterwards.
TOLD = f"{once('objection_until', 'served_on', 'served_by_id')} AND (OLD.objection_until IS NULL OR {unchanged('served_on')})"
LODGED = unchanged("public_id", "case_id", "result_id", "lodged_by_id", "lodged_at", "received_on", "statement")
ANSWERED = unchanged("state", "decided_by_id", "decided_at", "answer")
RULED = unchanged("decision", "anchor", "reason_code", "page", "comment")
OF_DECIDED = "EXISTS (SELECT 1 FROM reviews_objection o WHERE o.id = OLD.objection_id AND o.state <> 'lodged')"
BEFORE = (
    ("case_review_frozen", "UPDATE", "reviews_casereview", f"NOT ({AS_BEFORE})"),
    ("case_review_no_delete", "DELETE", "reviews_casereview", "TRUE"),
)
AFTER = (
    ("case_review_frozen", "UPDATE", "reviews_casereview", f"NOT ({unchanged(*CONTENT)} AND {TOLD})"),
    ("case_review_no_delete", "DELETE", "reviews_casereview", "TRUE"),
    (
        "objection_frozen",
        "UPDATE",
        "reviews_objection",
        f"NOT ({LODGED} AND {once('decide_by')} AND (OLD.state = 'lodged' OR ({ANSWERED})))",
    ),
    ("objection_no_delete", "DELETE", "reviews_objection", "TRUE"),
    (
        "objected_item_frozen",
        "UPDATE",
        "reviews_objecteditem",
        f"NOT ({unchanged('objection_id', 'item_id')}) OR {OF_DECIDED} AND NOT ({RULED})",
    ),
    ("objected_item_no_delete", "DELETE", "reviews_objecteditem", "TRUE"),
)


def without_guards(guards):
    """Take them away before the table is remade; on the way back, put them there."""
    laid = row_guards("reviews", guards, message=MESSAGE)
    return migrations.RunPython(laid.reverse_code, laid.code)


def begin_anew_where_nobody_was_told(apps, schema_editor):
    alias = schema_editor.connection.alias
    reading = apps.get_model("accounts", "User").objects.using(alias).filter(is_active=True, grants__role="lawyer")
    objected = apps.get_model("reviews", "Objection").objects.using(alias).filter(case=OuterRef("case"))
    results = apps.get_model("reviews", "CaseReview").objects.using(alias)
    unseen = results.filter(superseded_at=None, state="released").exclude(Exists(objected))
    unseen.exclude(Exists(reading.filter(lawyer=OuterRef("case__lawyer")))).update(objection_until=None)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0001_initial"),
        ("reviews", "0003_calendar_gaps"),
    ]

    operations = [
        without_guards(BEFORE),
        migrations.AlterField("assignment", "due_on", models.DateField(blank=True, null=True)),
        migrations.AddField("objection", "received_on", models.DateField(blank=True, null=True)),
        migrations.AddField("casereview", "served_on", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "casereview",
            "served_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint("casereview", "case_review_released_at"),
        migrations.AddConstraint(
            "casereview",
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | ~Q(state="released")
                & Q(released_at__isnull=True, objection_until__isnull=True, served_on__isnull=True),
                name="case_review_released_at",
            ),
        ),
        migrations.AddConstraint(
            "casereview",
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, served_by__isnull=True)
                | Q(served_on__isnull=False, served_by__isnull=False),
                name="case_review_served_by_somebody",
            ),
        ),
        migrations.RunPython(begin_anew_where_nobody_was_told, migrations.RunPython.noop),
        row_guards("reviews", AFTER, message=MESSAGE),
    ]
