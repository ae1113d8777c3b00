"""Who may not read a file, and which files are left out of a frame: entered and taken back by somebody, then frozen."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

LODGED = unchanged("id", "reviewer_id", "lawyer_id", "reason", "lodged_at", "received_on", "entered_by_id")
ENTERED = unchanged("id", "case_id", "opposing_firm_id", "earlier_lawyer_id", "entered_by_id", "entered_at")
LEFT_OUT = unchanged("id", "case_id", "kind", "reason", "left_out_by_id", "left_out_at")
ERASED = written_over(
    "reason",
    others=("id", "public_id", "case_id", "kind", "left_out_by_id", "left_out_at", "taken_back_by_id", "taken_back_at"),
    mark="〔已删除 erased〕",
)
# (name, event, table, condition under which the write is refused)
GUARDS = (
    (
        "reviewer_objection_frozen",
        "UPDATE",
        "reviews_reviewerobjection",
        f"OLD.state <> 'lodged' OR NOT ({LODGED})",
    ),
    ("reviewer_objection_no_delete", "DELETE", "reviews_reviewerobjection", "OLD.id IS NOT NULL"),
    ("known_tie_frozen", "UPDATE", "reviews_knowntie", f"OLD.taken_out_at IS NOT NULL OR NOT ({ENTERED})"),
    ("known_tie_no_delete", "DELETE", "reviews_knowntie", "OLD.id IS NOT NULL"),
    (
        "left_out_frozen",
        "UPDATE",
        "reviews_frameexclusion",
        f"(OLD.taken_back_at IS NOT NULL OR NOT ({LEFT_OUT})) AND NOT ({ERASED})",
    ),
    ("left_out_no_delete", "DELETE", "reviews_frameexclusion", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    replaces = [("reviews", "0014_reviewers")]

    dependencies = [("reviews", "0004_frozen_files")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
