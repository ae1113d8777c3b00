"""What was said, told, answered and decided of a veto is frozen; a lawyer whom the register names later is heard anew.

How the one before was told and what they answered is laid aside, in rows that are frozen. Words may be written over
by the mark of erasure. Whoever rebuilds cases_case, reviews_assignment, reviews_review or reviews_formerhearing on
SQLite lifts these guards first: they name them.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"


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
FROZEN = (
    f"NOT ({TOLD} AND (OLD.answered_at IS NULL OR ({ANSWERED})) AND (OLD.decided_at IS NULL OR ({DECIDED})))"
    f" OR {OF_SUBMITTED} AND NOT ({SAID})"
)
TO_ONE_LAWYER = f"(OLD.told_lawyer_id IS NULL OR {unchanged('told_lawyer_id')})"
HEARING = (
    "answer_due_on", "served_on", "served_by_id", "answer", "answered_at", "answer_received_on", "answer_entered_by_id",
)  # fmt: skip
LAID_ASIDE = " AND ".join(f"h.{column} IS NOT DISTINCT FROM OLD.{column}" for column in HEARING)
BEGUN_ANEW = (
    "OLD.decided_at IS NULL AND NEW.state = 'marked' AND NEW.told_lawyer_id IS NULL AND NEW.answer = '' AND "
    + " AND ".join(f"NEW.{column} IS NULL" for column in HEARING if column != "answer")
    + f" AND {SAID} AND {unchanged('decided_by_id', 'decided_at', 'decision_reason')}"
    + " AND EXISTS (SELECT 1 FROM reviews_formerhearing h WHERE h.veto_mark_id = OLD.id "
    + f"AND h.lawyer_id = OLD.told_lawyer_id AND {LAID_ASIDE})"
)
ERASED = written_over(
    "statement", "page", "answer", "decision_reason",
    others=(
        "id", "public_id", "review_id", "veto_id", "state", "marked_by_id", "marked_at", "answer_due_on", "served_on",
        "served_by_id", "answered_at", "answer_received_on", "answer_entered_by_id", "decided_by_id", "decided_at",
        "told_lawyer_id",
    ),
    mark=MARK,
)  # fmt: skip
NOW_THE_LAWYERS = (
    "EXISTS (SELECT 1 FROM reviews_review r JOIN reviews_assignment a ON a.id = r.assignment_id "
    "JOIN cases_case c ON c.id = a.case_id WHERE r.id = NEW.review_id AND c.lawyer_id = NEW.told_lawyer_id)"
)
FORMER = ("id", "veto_mark_id", "lawyer_id", *(name for name in HEARING if name != "answer"), "ended_at")

# (name, event, table, condition under which the write is refused)
GUARDS = (
    (
        "veto_mark_frozen",
        "UPDATE",
        "reviews_vetomark",
        f"({FROZEN} OR NOT {TO_ONE_LAWYER}) AND NOT ({BEGUN_ANEW}) AND NOT ({ERASED})",
    ),
    (
        "veto_confirmed_unheard",
        "UPDATE",
        "reviews_vetomark",
        f"NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND NOT {NOW_THE_LAWYERS}",
    ),
    ("veto_mark_no_delete", "DELETE", "reviews_vetomark", OF_SUBMITTED),
    (
        "former_hearing_frozen",
        "UPDATE",
        "reviews_formerhearing",
        f"NOT ({written_over('answer', others=FORMER, mark=MARK)})",
    ),
    ("former_hearing_no_delete", "DELETE", "reviews_formerhearing", "OLD.id IS NOT NULL"),
    ("transfer_frozen", "UPDATE", "reviews_vetotransfer", "OLD.id IS NOT NULL"),
    ("transfer_no_delete", "DELETE", "reviews_vetotransfer", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    replaces = [("reviews", "0007_veto_transfers"), ("reviews", "0011_veto_told_lawyer")]

    dependencies = [("cases", "0001_tables"), ("reviews", "0002_frozen_judgements")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
