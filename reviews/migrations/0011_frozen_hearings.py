"""What an observer handed in, and what was recorded of a hearing, stands; the words beside it may be erased."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, written_over

MARK = "〔已删除 erased〕"
OF_HANDED_IN = "EXISTS (SELECT 1 FROM reviews_observation o WHERE o.id = {row}.observation_id AND o.state = 'submitted')"
OF_RECORDED = "EXISTS (SELECT 1 FROM reviews_hearing h WHERE h.id = {row}.hearing_id AND h.state <> 'planned')"
OBSERVATION = written_over(
    "comment",
    others=("id", "public_id", "hearing_id", "observer_id", "state", "version", "named_at", "saved_at", "submitted_at", "total"),
    mark=MARK,
)
HEARING = written_over(
    "note",
    others=(
        "id", "public_id", "plan_id", "case_id", "held_on", "checklist_id", "rules", "state", "total", "closed_by_id",
        "closed_at",
    ),
    mark=MARK,
)  # fmt: skip
OBSERVED = written_over("comment", others=("id", "observation_id", "item_id", "anchor", "reason_code"), mark=MARK)
RECORDED = written_over("comment", others=("id", "hearing_id", "item_id", "anchor", "reason_code"), mark=MARK)

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("observation_locked", "UPDATE", "reviews_observation", f"OLD.state = 'submitted' AND NOT ({OBSERVATION})"),
    ("observation_no_delete", "DELETE", "reviews_observation", "OLD.id IS NOT NULL"),
    ("observed_mark_locked_insert", "INSERT", "reviews_observedmark", OF_HANDED_IN.format(row="NEW")),
    (
        "observed_mark_locked_update",
        "UPDATE",
        "reviews_observedmark",
        f"({OF_HANDED_IN.format(row='OLD')} OR {OF_HANDED_IN.format(row='NEW')}) AND NOT ({OBSERVED})",
    ),
    ("observed_mark_no_delete", "DELETE", "reviews_observedmark", OF_HANDED_IN.format(row="OLD")),
    ("hearing_closed", "UPDATE", "reviews_hearing", f"OLD.state <> 'planned' AND NOT ({HEARING})"),
    ("hearing_no_delete", "DELETE", "reviews_hearing", "OLD.id IS NOT NULL"),
    ("recorded_mark_insert", "INSERT", "reviews_recordedmark", OF_RECORDED.format(row="NEW")),
    ("recorded_mark_update", "UPDATE", "reviews_recordedmark", f"NOT ({RECORDED})"),
    ("recorded_mark_no_delete", "DELETE", "reviews_recordedmark", "OLD.id IS NOT NULL"),
    ("hearing_plan_update", "UPDATE", "reviews_hearingplan", "OLD.id IS NOT NULL"),
    ("hearing_plan_no_delete", "DELETE", "reviews_hearingplan", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0010_hearings")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
