"""What was said before a decision may be written over by the mark of erasure, and by nothing else.

Every guard refuses what it refused before, unless an update does exactly that.
"""

from importlib import import_module

from django.db import migrations

from qa_service.common.row_guards import row_guards, written_over

MESSAGE = "decided and published records are frozen"
MARK = "〔已删除 erased〕"
decided = import_module("scoring.migrations.0004_freeze_decisions")
gaps = import_module("scoring.migrations.0010_calendar_gaps")
EARLIER = {
    guard[0]: guard
    for guard in (
        *(guard for guard in decided.GUARDS if guard[0] in {"notice_frozen", "decision_frozen"}),
        *(guard for guard in gaps.frozen(gaps.DUE_ONCE) if guard[1] == "UPDATE"),
    )
}
# Name of the guard → the words that may be erased, and every other column.
WORDS = {
    "notice_frozen": (
        ("withdrawal_reason",),
        (
            "id", "public_id", "kind", "state", "issuer_id", "year", "number", "label", "proposal_id", "case_id",
            "lawyer_id", "firm_id", "title", "content", "content_sha256", "verify_code", "numbered_at",
            "numbered_by_id", "file_id", "file_sha256", "refused_at", "refused_for", "issued_at", "delivered_on",
            "served_by_id", "acknowledged_at", "ground_gone_at", "withdrawn_at", "withdrawn_by_id",
        ),
    ),
    "decision_frozen": (
        ("reason",),
        ("id", "proposal_id", "outcome", "legal_basis", "decided_by_id", "decided_at"),
    ),
    "statement_frozen": (
        ("text",),
        ("id", "proposal_id", "notified_at", "notified_by_id", "served_on", "due_on", "submitted_at"),
    ),
    "appeal_frozen": (
        ("text", "answer"),
        (
            "id", "public_id", "notice_id", "lodged_by_id", "lodged_at", "received_on", "due_on", "state",
            "decided_by_id", "decided_at",
        ),
    ),
}  # fmt: skip


def of_words(name):
    words, others = WORDS[name]
    _name, event, table, refused = EARLIER[name]
    return name, event, table, f"({refused}) AND NOT ({written_over(*words, others=others, mark=MARK)})"


def allow(apps, schema_editor):
    row_guards("scoring", list(EARLIER.values()), message=MESSAGE).reverse_code(apps, schema_editor)
    row_guards("scoring", [of_words(name) for name in WORDS], message=MESSAGE).code(apps, schema_editor)


def refuse_again(apps, schema_editor):
    laid = row_guards("scoring", list(EARLIER.values()), message=MESSAGE)
    laid.reverse_code(apps, schema_editor)
    laid.code(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0012_ground_gone")]

    operations = [migrations.RunPython(allow, refuse_again)]
