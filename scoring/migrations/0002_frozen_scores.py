"""What was weighed and released cannot be changed, not even by us."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

WEIGHED = (
    "case_id", "scheme_id", "lawyer_id", "firm_id", "station_id", "centre_id", "case_type", "closed_on", "derivation",
    "sha256", "computed_at", "score",
)  # fmt: skip
SCORE = unchanged(*WEIGHED, "public_id", "grade", "provisional", "coverage", "review_version", "released_on")
VOICE = unchanged(*WEIGHED, "response_id", "answered_at")
ONLY_SUPERSEDED = "OLD.is_current AND NOT NEW.is_current"

# (name, event, table, condition under which the write is refused)
CHANGES = (
    ("scheme_frozen", "UPDATE", "scoring_scheme", "OLD.published_at IS NOT NULL"),
    ("score_frozen", "UPDATE", "scoring_casescore", f"NOT ({ONLY_SUPERSEDED} AND {SCORE})"),
    ("voice_frozen", "UPDATE", "scoring_casevoice", f"NOT ({ONLY_SUPERSEDED} AND {VOICE})"),
    ("batch_frozen", "UPDATE", "scoring_clientvoicebatch", "OLD.id IS NOT NULL"),
    ("batched_frozen", "UPDATE", "scoring_batchedanswer", "OLD.case_id IS NOT NULL"),
)
REMOVALS = (
    ("scheme_no_delete", "DELETE", "scoring_scheme", "OLD.published_at IS NOT NULL"),
    ("score_no_delete", "DELETE", "scoring_casescore", "OLD.id IS NOT NULL"),
    ("batch_no_delete", "DELETE", "scoring_clientvoicebatch", "OLD.id IS NOT NULL"),
    ("batched_no_delete", "DELETE", "scoring_batchedanswer", "OLD.case_id IS NOT NULL"),
)


class Migration(migrations.Migration):
    replaces = [("scoring", "0009_batched_voice")]

    dependencies = [("scoring", "0001_tables")]

    operations = [
        row_guards("scoring", CHANGES, message="weighed and released records are frozen"),
        row_guards("scoring", REMOVALS, message="decided and published records are frozen"),
    ]
