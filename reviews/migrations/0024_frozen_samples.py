"""What was drawn, the file that took another's place, and each day given or put off, stand; a sample is published once.

A reason may be erased. The file of a sample says why another came for it at one time, and which one, once.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
DRAWN = unchanged(
    "id", "public_id", "centre_id", "period_start", "period_end", "seed", "rate", "frame_size", "statement",
    "city_wide", "drawn_by_id", "drawn_at",
)  # fmt: skip
FILE = ("id", "sample_id", "case_id", "stratum", "reasons", "probability", "weight", "readers")
TAKEN_OUT = ("replaced_at", "replaced_kind", "taken_out_by_id")
ERASED = written_over("replaced_reason", others=(*FILE, *TAKEN_OUT, "replaced_by_id"), mark=MARK)
MORE_TIME = written_over(
    "reason", others=("id", "assignment_id", "before", "until", "given_by_id", "given_at"), mark=MARK
)
MOVE = written_over(
    "place", "reason", others=("id", "hearing_id", "before", "held_on", "moved_by_id", "moved_at"), mark=MARK
)
REPLACED_ONCE = (
    f"OLD.replaced_at IS NOT NULL AND NOT ({unchanged(*TAKEN_OUT, 'replaced_reason')}) OR OLD.replaced_by_id IS NOT NULL"
)

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("sample_frozen", "UPDATE", "reviews_sample", f"OLD.published_at IS NOT NULL OR NOT ({DRAWN})"),
    ("sample_no_delete", "DELETE", "reviews_sample", "OLD.id IS NOT NULL"),
    (
        "sampled_case_frozen",
        "UPDATE",
        "reviews_sampledcase",
        f"(NOT ({unchanged(*FILE)}) OR {REPLACED_ONCE}) AND NOT ({ERASED})",
    ),
    ("sampled_case_no_delete", "DELETE", "reviews_sampledcase", "OLD.id IS NOT NULL"),
    ("more_time_frozen", "UPDATE", "reviews_moretime", f"NOT ({MORE_TIME})"),
    ("more_time_no_delete", "DELETE", "reviews_moretime", "OLD.id IS NOT NULL"),
    ("hearing_move_frozen", "UPDATE", "reviews_hearingmove", f"NOT ({MOVE})"),
    ("hearing_move_no_delete", "DELETE", "reviews_hearingmove", "OLD.id IS NOT NULL"),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0023_frozen_calibration")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
