"""A veto is put to a lawyer without an account on paper; their time to answer begins then, not with the submission.

Vetoes put before to lawyers who have no account were told to nobody: the day that was reckoned for them is taken back
while they are neither answered nor decided. From now on what was said, told, answered and decided is frozen.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

from qa_service.common.row_guards import row_guards, unchanged


def once(*columns):
    """Each may be filled while it is empty, and never again."""
    return " AND ".join(f"(OLD.{column} IS NULL OR {unchanged(column)})" for column in columns)


# Told once, in one way: who was told on their home is not served on paper afterwards.
TOLD = (
    f"{once('answer_due_on', 'served_on', 'served_by_id')}"
    f" AND (OLD.answer_due_on IS NULL OR {unchanged('served_on')})"
)
ANSWERED = unchanged("answer", "answered_at", "answer_received_on", "answer_entered_by_id")
DECIDED = unchanged("state", "decided_by_id", "decided_at", "decision_reason")
SAID = unchanged("public_id", "review_id", "veto_id", "statement", "page", "marked_by_id", "marked_at")
OF_SUBMITTED = "EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = OLD.review_id AND r.state = 'submitted')"
GUARDS = (
    (
        "veto_mark_frozen",
        "UPDATE",
        "reviews_vetomark",
        f"NOT ({TOLD} AND (OLD.answered_at IS NULL OR ({ANSWERED})) AND (OLD.decided_at IS NULL OR ({DECIDED})))"
        f" OR {OF_SUBMITTED} AND NOT ({SAID})",
    ),
    ("veto_mark_no_delete", "DELETE", "reviews_vetomark", OF_SUBMITTED),
)


def begin_anew_where_nobody_was_told(apps, schema_editor):
    alias = schema_editor.connection.alias
    reading = apps.get_model("accounts", "User").objects.using(alias).filter(is_active=True, grants__role="lawyer")
    open_still = apps.get_model("reviews", "VetoMark").objects.using(alias).filter(state="marked")
    here = reading.filter(lawyer=OuterRef("review__assignment__case__lawyer"))
    untold = open_still.exclude(Exists(here)).exclude(answer_due_on=None)
    open_still.filter(pk__in=list(untold.values_list("pk", flat=True))).update(answer_due_on=None)


def user():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0001_initial"),
        ("reviews", "0005_accepted_lateness"),
    ]

    operations = [
        migrations.AddField("vetomark", "served_on", models.DateField(blank=True, null=True)),
        migrations.AddField("vetomark", "served_by", user()),
        migrations.AddField("vetomark", "answer_received_on", models.DateField(blank=True, null=True)),
        migrations.AddField("vetomark", "answer_entered_by", user()),
        migrations.AddConstraint(
            "vetomark",
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(answered_at__isnull=False) | Q(answer_due_on__isnull=False),
                name="veto_confirmed_after_hearing",
            ),
        ),
        migrations.AddConstraint(
            "vetomark",
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, served_by__isnull=True)
                | Q(served_on__isnull=False, served_by__isnull=False),
                name="veto_served_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            "vetomark",
            models.CheckConstraint(
                condition=Q(answer_received_on__isnull=True, answer_entered_by__isnull=True)
                | Q(answer_received_on__isnull=False, answer_entered_by__isnull=False)
                & Q(answered_at__isnull=False, served_on__isnull=False),
                name="veto_answer_entered_by_somebody",
            ),
        ),
        migrations.RunPython(begin_anew_where_nobody_was_told, migrations.RunPython.noop),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]
