"""What was decided, said, published or numbered cannot be changed or deleted, not even by us.

Words may be written over by the mark of erasure, and by nothing else. A day that waits for the calendar of working
days is set once. An appeal is answered, a task closed and a display stopped by somebody, with words and a day.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
ALWAYS = "OLD.id IS NOT NULL"


def once(*columns):
    """Each may be filled while it is empty, and never again."""
    return " AND ".join(f"(OLD.{column} IS NULL OR {unchanged(column)})" for column in columns)


def but_erased(refused, *words, others):
    return f"({refused}) AND NOT ({written_over(*words, others=others, mark=MARK)})"


NUMBERED = unchanged(
    "public_id", "kind", "issuer_id", "year", "number", "label", "proposal_id", "case_id", "lawyer_id", "firm_id",
    "title", "content", "content_sha256", "verify_code", "numbered_at", "numbered_by_id",
)  # fmt: skip
# A notice that has its number and can never be printed may be withdrawn as well.
FORWARD = (
    "(NEW.state = OLD.state OR (OLD.state = 'issuing' AND NEW.state IN ('issued', 'withdrawn'))"
    " OR (OLD.state = 'issued' AND NEW.state = 'withdrawn'))"
)
PRINTED = f"(OLD.state = 'issuing' OR ({unchanged('file_sha256')}))"
WITHDRAWN = f"(OLD.state <> 'withdrawn' OR ({unchanged('withdrawn_by_id', 'withdrawal_reason')}))"
NOTICE = (
    f"{NUMBERED} AND {FORWARD} AND {PRINTED} AND {WITHDRAWN}"
    f" AND {once('file_id', 'issued_at', 'withdrawn_at', 'acknowledged_at')}"
)
DUE_ONCE = f"(OLD.due_on IS NULL OR {unchanged('due_on')})"
ASKED = unchanged("proposal_id", "notified_at", "notified_by_id")
LODGED = unchanged("public_id", "notice_id", "lodged_by_id", "lodged_at", "text")
ANSWERED = unchanged("state", "answer", "decided_by_id", "decided_at")
DISPLAYED = unchanged("proposal_id", "starts_on", "ends_on", "workdays")
DELIVERED_ONCE = f"(OLD.delivered_on IS NULL OR ({unchanged('delivered_on', 'served_by_id')}))"

# (name, event, table, condition under which the write is refused)
DECIDED = (
    (
        "notice_frozen",
        "UPDATE",
        "scoring_notice",
        but_erased(
            f"NOT ({NOTICE})",
            "withdrawal_reason",
            others=(
                "id", "public_id", "kind", "state", "issuer_id", "year", "number", "label", "proposal_id", "case_id",
                "lawyer_id", "firm_id", "title", "content", "content_sha256", "verify_code", "numbered_at",
                "numbered_by_id", "file_id", "file_sha256", "refused_at", "refused_for", "issued_at", "delivered_on",
                "served_by_id", "acknowledged_at", "ground_gone_at", "withdrawn_at", "withdrawn_by_id",
            ),
        ),
    ),
    (
        "decision_frozen",
        "UPDATE",
        "scoring_decision",
        but_erased(
            ALWAYS, "reason", others=("id", "proposal_id", "outcome", "legal_basis", "decided_by_id", "decided_at")
        ),
    ),
    (
        "statement_frozen",
        "UPDATE",
        "scoring_statement",
        but_erased(
            f"OLD.submitted_at IS NOT NULL OR NOT ({ASKED} AND {DUE_ONCE})",
            "text",
            others=("id", "proposal_id", "notified_at", "notified_by_id", "served_on", "due_on", "submitted_at"),
        ),
    ),
    (
        "appeal_frozen",
        "UPDATE",
        "scoring_appeal",
        but_erased(
            f"NOT ({LODGED} AND {DUE_ONCE} AND (OLD.state = 'lodged' OR ({ANSWERED})))",
            "text",
            "answer",
            others=(
                "id", "public_id", "notice_id", "lodged_by_id", "lodged_at", "received_on", "due_on", "state",
                "decided_by_id", "decided_at",
            ),
        ),
    ),
    ("rule_frozen", "UPDATE", "scoring_rule", ALWAYS),
    ("display_frozen", "UPDATE", "scoring_publicdisplay", f"NOT ({DISPLAYED} AND {once('completed_at', 'stopped_at')})"),
    ("counter_forward", "UPDATE", "scoring_numbercounter", "NEW.last < OLD.last"),
    ("notice_no_delete", "DELETE", "scoring_notice", ALWAYS),
    ("decision_no_delete", "DELETE", "scoring_decision", ALWAYS),
    ("statement_no_delete", "DELETE", "scoring_statement", ALWAYS),
    ("rule_no_delete", "DELETE", "scoring_rule", ALWAYS),
    ("appeal_no_delete", "DELETE", "scoring_appeal", ALWAYS),
    ("display_no_delete", "DELETE", "scoring_publicdisplay", ALWAYS),
    ("counter_no_delete", "DELETE", "scoring_numbercounter", ALWAYS),
)  # fmt: skip

SERVED = (
    ("statement_service_frozen", "UPDATE", "scoring_statement", "NEW.served_on IS DISTINCT FROM OLD.served_on"),
    (
        "notice_delivery_frozen",
        "UPDATE",
        "scoring_notice",
        f"NOT {DELIVERED_ONCE} OR NEW.served_by_id IS NOT NULL AND NEW.delivered_on IS NULL",
    ),
    ("appeal_receipt_frozen", "UPDATE", "scoring_appeal", "NEW.received_on IS DISTINCT FROM OLD.received_on"),
)

# What came in time on paper is taken, whenever somebody types it in.
LATE = "NEW.due_on IS NOT NULL AND NEW.received_on > NEW.due_on"
RECEIVED = (
    (
        "statement_received_in_time",
        "UPDATE",
        "scoring_statement",
        f"NEW.received_on IS NOT NULL AND (NEW.submitted_at IS NULL OR {LATE})",
    ),
    (
        "statement_receipt_frozen",
        "UPDATE",
        "scoring_statement",
        "OLD.submitted_at IS NOT NULL AND NEW.received_on IS DISTINCT FROM OLD.received_on",
    ),
)

APPEAL = "NEW.state <> 'lodged' AND (NEW.answer = '' OR NEW.decided_by_id IS NULL OR NEW.decided_at IS NULL)"
CLOSED = "NEW.state = 'done' AND (NEW.note = '' OR NEW.closed_by_id IS NULL OR NEW.done_at IS NULL)"
STOPPED = "NEW.stopped_at IS NOT NULL AND (NEW.stop_reason = '' OR NEW.stopped_by_id IS NULL)"
ENDED = tuple(
    (f"{name}_on_{event.lower()}", event, table, refused)
    for name, table, refused in (
        ("appeal_answered", "scoring_appeal", APPEAL),
        ("task_closed", "scoring_coachingtask", CLOSED),
        ("display_stopped", "scoring_publicdisplay", STOPPED),
    )
    for event in ("INSERT", "UPDATE")
)


class Migration(migrations.Migration):
    replaces = [
        ("scoring", "0004_freeze_decisions"),
        ("scoring", "0010_calendar_gaps"),
        ("scoring", "0013_erased_words"),
        ("scoring", "0014_statement_received_on"),
        ("scoring", "0016_withdraw_unprinted"),
        ("scoring", "0017_named_ends"),
    ]

    dependencies = [("scoring", "0002_frozen_scores")]

    operations = [
        row_guards("scoring", DECIDED, message="decided and published records are frozen"),
        row_guards("scoring", SERVED, message="what was said and decided is never changed"),
        row_guards("scoring", RECEIVED, message="an answer on paper is given, and came in time"),
        row_guards("scoring", ENDED, message="who ended it, when and why is missing"),
    ]
