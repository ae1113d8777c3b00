"""Who was told of a veto: the register may name another lawyer afterwards, who is told and heard from the beginning.

How the one before was told and what they answered is laid aside, in rows that are frozen. Of vetoes put to a lawyer
before, the lawyer whom the register names today counts as told. On the way back both are forgotten.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

from qa_service.common.row_guards import row_guards, unchanged, written_over

MESSAGE = "published and submitted records are frozen"
MARK = "〔已删除 erased〕"
served = import_module("reviews.migrations.0006_vetoes_served")
erased = import_module("reviews.migrations.0009_erased_words")
BEFORE = (erased.of_words("veto_mark_frozen"), served.GUARDS[1])

HEARING = (
    "answer_due_on", "served_on", "served_by_id", "answer", "answered_at", "answer_received_on", "answer_entered_by_id",
)  # fmt: skip
LAID_ASIDE = " AND ".join(f"h.{column} IS NOT DISTINCT FROM OLD.{column}" for column in HEARING)
BEGUN_ANEW = (
    "OLD.decided_at IS NULL AND NEW.state = 'marked' AND NEW.told_lawyer_id IS NULL AND NEW.answer = '' AND "
    + " AND ".join(f"NEW.{column} IS NULL" for column in HEARING if column != "answer")
    + f" AND {served.SAID} AND {unchanged('decided_by_id', 'decided_at', 'decision_reason')}"
    + " AND EXISTS (SELECT 1 FROM reviews_formerhearing h WHERE h.veto_mark_id = OLD.id "
    + f"AND h.lawyer_id = OLD.told_lawyer_id AND {LAID_ASIDE})"
)
ONCE = f"(OLD.told_lawyer_id IS NULL OR {unchanged('told_lawyer_id')})"
WORDS, OTHERS = erased.WORDS["veto_mark_frozen"]
NOW_THE_LAWYERS = (
    "EXISTS (SELECT 1 FROM reviews_review r JOIN reviews_assignment a ON a.id = r.assignment_id "
    "JOIN cases_case c ON c.id = a.case_id WHERE r.id = NEW.review_id AND c.lawyer_id = NEW.told_lawyer_id)"
)
AFTER = (
    (
        "veto_mark_frozen",
        "UPDATE",
        "reviews_vetomark",
        f"({served.GUARDS[0][3]} OR NOT {ONCE}) AND NOT ({BEGUN_ANEW})"
        f" AND NOT ({written_over(*WORDS, others=(*OTHERS, 'told_lawyer_id'), mark=MARK)})",
    ),
    (
        "veto_confirmed_unheard",
        "UPDATE",
        "reviews_vetomark",
        f"NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND NOT {NOW_THE_LAWYERS}",
    ),
    served.GUARDS[1],
    (
        "former_hearing_frozen",
        "UPDATE",
        "reviews_formerhearing",
        "NOT ("
        + written_over(
            "answer",
            others=("id", "veto_mark_id", "lawyer_id", *(name for name in HEARING if name != "answer"), "ended_at"),
            mark=MARK,
        )
        + ")",
    ),
    ("former_hearing_no_delete", "DELETE", "reviews_formerhearing", "OLD.id IS NOT NULL"),
)


def lift(apps, schema_editor):
    row_guards("reviews", BEFORE, message=MESSAGE).reverse_code(apps, schema_editor)


def lay_again(apps, schema_editor):
    row_guards("reviews", BEFORE, message=MESSAGE).code(apps, schema_editor)


def name_who_was_told(apps, schema_editor):
    alias = schema_editor.connection.alias
    reviews = apps.get_model("reviews", "Review").objects.using(alias).filter(pk=OuterRef("review"))
    put = Q(answer_due_on__isnull=False) | Q(served_on__isnull=False) | Q(answered_at__isnull=False)
    told = apps.get_model("reviews", "VetoMark").objects.using(alias).filter(put)
    told.update(told_lawyer=Subquery(reviews.values("assignment__case__lawyer")[:1]))


def forget_who_entered(apps, schema_editor):
    """An answer on paper of a lawyer who was told on a home closed since: the rule of before knows no such answer.

    It stays, as if it had been given there; that it was entered, when and by whom stays in the audit trail alone.
    """
    told_on_a_home = Q(served_on__isnull=True, answer_received_on__isnull=False)
    rows = apps.get_model("reviews", "VetoMark").objects.using(schema_editor.connection.alias).filter(told_on_a_home)
    rows.update(answer_received_on=None, answer_entered_by=None)


def entered():
    return models.CheckConstraint(
        condition=Q(answer_received_on__isnull=True, answer_entered_by__isnull=True)
        | Q(answer_received_on__isnull=False, answer_entered_by__isnull=False, answered_at__isnull=False),
        name="veto_answer_entered_by_somebody",
    )


def person():
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
        # A guard below names the table of cases, which the migrations up to this one rebuild on SQLite.
        ("cases", "0018_settled_surveys"),
        ("organisations", "0001_initial"),
        ("reviews", "0010_reader_waivers"),
    ]

    operations = [
        migrations.RunPython(lift, lay_again),
        migrations.AddField(
            "vetomark",
            "told_lawyer",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.lawyer",
            ),
        ),
        migrations.CreateModel(
            name="FormerHearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer_due_on", models.DateField(blank=True, null=True)),
                ("served_on", models.DateField(blank=True, null=True)),
                ("served_by", person()),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer_received_on", models.DateField(blank=True, null=True)),
                ("answer_entered_by", person()),
                ("ended_at", models.DateTimeField()),
                (
                    "lawyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.lawyer"
                    ),
                ),
                (
                    "veto_mark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_hearings",
                        to="reviews.vetomark",
                    ),
                ),
            ],
        ),
        migrations.RunPython(name_who_was_told, migrations.RunPython.noop),
        migrations.RemoveConstraint("vetomark", "veto_answer_entered_by_somebody"),
        migrations.RunPython(migrations.RunPython.noop, forget_who_entered),
        migrations.AddConstraint("vetomark", entered()),
        migrations.AddConstraint(
            "vetomark",
            models.CheckConstraint(
                condition=Q(told_lawyer__isnull=False)
                | Q(answer_due_on__isnull=True, served_on__isnull=True, answered_at__isnull=True),
                name="veto_told_to_somebody",
            ),
        ),
        row_guards("reviews", AFTER, message=MESSAGE),
    ]
