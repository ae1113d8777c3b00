"""What was decided, said, published or numbered cannot be changed or deleted, not even by us.

A later migration that rebuilds one of these tables on SQLite must install its triggers again.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

MESSAGE = "decided and published records are frozen"
ALWAYS = "OLD.id IS NOT NULL"


def once(*columns):
    """Each may be filled while it is empty, and never again."""
    return " AND ".join(f"(OLD.{column} IS NULL OR {unchanged(column)})" for column in columns)


NUMBERED = unchanged(
    "public_id", "kind", "issuer_id", "year", "number", "label", "proposal_id", "case_id", "lawyer_id", "firm_id",
    "title", "content", "content_sha256", "verify_code", "numbered_at", "numbered_by_id",
)  # fmt: skip
FORWARD = (
    "(NEW.state = OLD.state OR (OLD.state = 'issuing' AND NEW.state = 'issued')"
    " OR (OLD.state = 'issued' AND NEW.state = 'withdrawn'))"
)
PRINTED = f"(OLD.state = 'issuing' OR ({unchanged('file_sha256')}))"
WITHDRAWN = f"(OLD.state <> 'withdrawn' OR ({unchanged('withdrawn_by_id', 'withdrawal_reason')}))"
NOTICE = f"{NUMBERED} AND {FORWARD} AND {PRINTED} AND {WITHDRAWN} AND {once('file_id', 'issued_at', 'withdrawn_at', 'acknowledged_at')}"
ASKED = unchanged("proposal_id", "notified_at", "notified_by_id", "due_on")
LODGED = unchanged("public_id", "notice_id", "lodged_by_id", "lodged_at", "text", "due_on")
ANSWERED = unchanged("state", "answer", "decided_by_id", "decided_at")
DISPLAYED = unchanged("proposal_id", "starts_on", "ends_on", "workdays")

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("notice_frozen", "UPDATE", "scoring_notice", f"NOT ({NOTICE})"),
    ("decision_frozen", "UPDATE", "scoring_decision", ALWAYS),
    ("statement_frozen", "UPDATE", "scoring_statement", f"OLD.submitted_at IS NOT NULL OR NOT ({ASKED})"),
    ("rule_frozen", "UPDATE", "scoring_rule", ALWAYS),
    ("appeal_frozen", "UPDATE", "scoring_appeal", f"NOT ({LODGED} AND (OLD.state = 'lodged' OR ({ANSWERED})))"),
    ("display_frozen", "UPDATE", "scoring_publicdisplay", f"NOT ({DISPLAYED} AND {once('completed_at', 'stopped_at')})"),
    ("counter_forward", "UPDATE", "scoring_numbercounter", "NEW.last < OLD.last"),
    ("notice_no_delete", "DELETE", "scoring_notice", ALWAYS),
    ("decision_no_delete", "DELETE", "scoring_decision", ALWAYS),
    ("statement_no_delete", "DELETE", "scoring_statement", ALWAYS),
    ("rule_no_delete", "DELETE", "scoring_rule", ALWAYS),
    ("appeal_no_delete", "DELETE", "scoring_appeal", ALWAYS),
    ("display_no_delete", "DELETE", "scoring_publicdisplay", ALWAYS),
    ("counter_no_delete", "DELETE", "scoring_numbercounter", ALWAYS),
    ("scheme_no_delete", "DELETE", "scoring_scheme", "OLD.published_at IS NOT NULL"),
    ("score_no_delete", "DELETE", "scoring_casescore", ALWAYS),
    ("batch_no_delete", "DELETE", "scoring_clientvoicebatch", ALWAYS),
    ("batched_no_delete", "DELETE", "scoring_batchedanswer", "OLD.case_id IS NOT NULL"),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_notice_refusals")]

    operations = [row_guards("scoring", GUARDS, message=MESSAGE)]
