"""What was marked, agreed and closed of a calibration stands; the words about its files may be erased.

A round closes with two or more on its panel, two or more files that three or more marked, and every item agreed on.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
NOT_IN_STATE = (
    "EXISTS (SELECT 1 FROM reviews_calibrationfile f JOIN reviews_calibrationround r ON r.id = f.round_id "
    "WHERE f.id = {row}.file_id AND r.state <> '{state}')"
)
ENDED = (
    "EXISTS (SELECT 1 FROM reviews_calibrationround r WHERE r.id = OLD.round_id AND r.state NOT IN ('marking', 'discussion'))"
)
NOT_OPEN = "EXISTS (SELECT 1 FROM reviews_trial t WHERE t.id = {row}.trial_id AND t.state <> 'open')"
ROUND = unchanged("id", "public_id", "centre_id", "name", "checklist_id", "due_on", "opened_by_id", "opened_at")
OPENED = "COALESCE((SELECT r.state FROM reviews_calibrationround r WHERE r.id = NEW.round_id), '') <> 'marking'"
FILE = written_over("note", others=("id", "public_id", "round_id", "case_id", "version"), mark=MARK)
OF_FILE = unchanged("id", "public_id", "round_id", "case_id")
TRIAL = written_over(
    "comment",
    others=("id", "public_id", "file_id", "reviewer_id", "state", "version", "saved_at", "submitted_at", "total"),
    mark=MARK,
)
OF_TRIAL = unchanged("id", "public_id", "file_id", "reviewer_id")
TRIAL_MARK = written_over("comment", others=("id", "trial_id", "item_id", "anchor", "reason_code"), mark=MARK)
AGREED = written_over("reason", others=("id", "file_id", "item_id", "anchor"), mark=MARK)
READERS = (
    "(SELECT COUNT(DISTINCT t.reviewer_id) FROM reviews_trial t JOIN reviews_calibrationfile f ON f.id = t.file_id "
    "WHERE f.round_id = NEW.id)"
)
UNAGREED = (
    "EXISTS (SELECT 1 FROM reviews_calibrationfile f JOIN reviews_item i ON i.checklist_id = NEW.checklist_id "
    "WHERE f.round_id = NEW.id AND NOT EXISTS "
    "(SELECT 1 FROM reviews_agreedmark a WHERE a.file_id = f.id AND a.item_id = i.id))"
)
WHOLE = (
    "(SELECT COUNT(*) FROM reviews_panelist p WHERE p.round_id = NEW.id) >= 2 "
    "AND (SELECT COUNT(*) FROM reviews_calibrationfile f WHERE f.round_id = NEW.id) >= 2 "
    f"AND {READERS} >= 3 AND NOT {UNAGREED}"
)

# (name, event, table, condition under which the write is refused)
GUARDS = (
    (
        "calibration_closed",
        "UPDATE",
        "reviews_calibrationround",
        f"OLD.state IN ('closed', 'cancelled') OR NOT ({ROUND}) OR OLD.state = 'discussion' AND NEW.state = 'marking'",
    ),
    (
        "calibration_whole",
        "UPDATE",
        "reviews_calibrationround",
        f"NEW.state = 'closed' AND (OLD.state <> 'discussion' OR NOT ({WHOLE}))",
    ),
    ("calibration_no_delete", "DELETE", "reviews_calibrationround", "OLD.id IS NOT NULL"),
    ("panelist_insert", "INSERT", "reviews_panelist", OPENED),
    ("panelist_update", "UPDATE", "reviews_panelist", "OLD.id IS NOT NULL"),
    ("panelist_no_delete", "DELETE", "reviews_panelist", "OLD.id IS NOT NULL"),
    ("calibration_file_insert", "INSERT", "reviews_calibrationfile", OPENED),
    (
        "calibration_file_update",
        "UPDATE",
        "reviews_calibrationfile",
        f"NOT ({OF_FILE}) OR {ENDED} AND NOT ({FILE})",
    ),
    ("calibration_file_no_delete", "DELETE", "reviews_calibrationfile", "OLD.id IS NOT NULL"),
    ("trial_insert", "INSERT", "reviews_trial", NOT_IN_STATE.format(row="NEW", state="marking")),
    ("trial_locked", "UPDATE", "reviews_trial", f"NOT ({OF_TRIAL}) OR OLD.state <> 'open' AND NOT ({TRIAL})"),
    ("trial_no_delete", "DELETE", "reviews_trial", "OLD.id IS NOT NULL"),
    ("trial_mark_locked_insert", "INSERT", "reviews_trialmark", NOT_OPEN.format(row="NEW")),
    (
        "trial_mark_locked_update",
        "UPDATE",
        "reviews_trialmark",
        f"({NOT_OPEN.format(row='OLD')} OR {NOT_OPEN.format(row='NEW')}) AND NOT ({TRIAL_MARK})",
    ),
    ("trial_mark_no_delete", "DELETE", "reviews_trialmark", NOT_OPEN.format(row="OLD")),
    ("agreed_mark_insert", "INSERT", "reviews_agreedmark", NOT_IN_STATE.format(row="NEW", state="discussion")),
    (
        "agreed_mark_update",
        "UPDATE",
        "reviews_agreedmark",
        f"({NOT_IN_STATE.format(row='OLD', state='discussion')} "
        f"OR {NOT_IN_STATE.format(row='NEW', state='discussion')}) AND NOT ({AGREED})",
    ),
    (
        "agreed_mark_no_delete",
        "DELETE",
        "reviews_agreedmark",
        NOT_IN_STATE.format(row="OLD", state="discussion"),
    ),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0022_calibration")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
