"""What a firm handed in of its own file, or did not, stands; the words beside it may be erased, and nothing else."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
OF_CLOSED = "EXISTS (SELECT 1 FROM reviews_selfassessment s WHERE s.id = {row}.assessment_id AND s.state <> 'open')"
ASSESSMENT = written_over(
    "comment",
    others=(
        "id", "public_id", "case_id", "checklist_id", "state", "version", "asked_at", "due_on", "reminded_at",
        "nudged_at", "saved_at", "submitted_by_id", "total", "closed_at",
    ),
    mark=MARK,
)  # fmt: skip
OWN_MARK = written_over("comment", others=("id", "assessment_id", "item_id", "anchor", "reason_code"), mark=MARK)
ASKED = unchanged("public_id", "case_id", "checklist_id", "asked_at")

# (name, event, table, condition under which the write is refused)
GUARDS = (
    (
        "self_assessment_locked",
        "UPDATE",
        "reviews_selfassessment",
        f"NOT ({ASKED}) OR OLD.state <> 'open' AND NOT ({ASSESSMENT})",
    ),
    ("self_assessment_no_delete", "DELETE", "reviews_selfassessment", "OLD.id IS NOT NULL"),
    ("self_mark_locked_insert", "INSERT", "reviews_selfmark", OF_CLOSED.format(row="NEW")),
    (
        "self_mark_locked_update",
        "UPDATE",
        "reviews_selfmark",
        f"({OF_CLOSED.format(row='OLD')} OR {OF_CLOSED.format(row='NEW')}) AND NOT ({OWN_MARK})",
    ),
    ("self_mark_no_delete", "DELETE", "reviews_selfmark", OF_CLOSED.format(row="OLD")),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0012_self_assessments")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
