"""What is published or submitted cannot be changed, not even by us: triggers refuse it on both databases.

A later migration that rebuilds one of these tables on SQLite must install its trigger again.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

MESSAGE = "published and submitted records are frozen"


CHECKLIST_CONTENT = unchanged("code", "version", "purpose", "case_type", "title", "reasons", "catalogue", "digest")
RESULT_CONTENT = unchanged(
    "case_id", "version", "state", "score", "grade", "grade_cap", "veto_state", "vetoes", "method", "readers",
    "spread", "agreed", "limited", "items", "reason", "released_at", "objection_until",
)  # fmt: skip
OF_FROZEN_LIST = "EXISTS (SELECT 1 FROM reviews_checklist c WHERE c.id = NEW.checklist_id AND c.state <> 'draft')"
OF_LOCKED_REVIEW = "EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = NEW.review_id AND r.state = 'submitted')"
WAS_OF_FROZEN_LIST = OF_FROZEN_LIST.replace("NEW.", "OLD.")
WAS_OF_LOCKED_REVIEW = OF_LOCKED_REVIEW.replace("NEW.", "OLD.")

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("checklist_frozen", "UPDATE", "reviews_checklist", f"OLD.state <> 'draft' AND NOT ({CHECKLIST_CONTENT})"),
    ("section_frozen_insert", "INSERT", "reviews_section", OF_FROZEN_LIST),
    ("section_frozen_update", "UPDATE", "reviews_section", OF_FROZEN_LIST),
    ("item_frozen_insert", "INSERT", "reviews_item", OF_FROZEN_LIST),
    ("item_frozen_update", "UPDATE", "reviews_item", OF_FROZEN_LIST),
    ("veto_frozen_insert", "INSERT", "reviews_veto", OF_FROZEN_LIST),
    ("veto_frozen_update", "UPDATE", "reviews_veto", OF_FROZEN_LIST),
    ("review_locked", "UPDATE", "reviews_review", "OLD.state = 'submitted'"),
    ("mark_locked_insert", "INSERT", "reviews_mark", OF_LOCKED_REVIEW),
    ("mark_locked_update", "UPDATE", "reviews_mark", OF_LOCKED_REVIEW),
    ("case_review_frozen", "UPDATE", "reviews_casereview", f"NOT ({RESULT_CONTENT})"),
    ("checklist_no_delete", "DELETE", "reviews_checklist", "OLD.state <> 'draft'"),
    ("section_no_delete", "DELETE", "reviews_section", WAS_OF_FROZEN_LIST),
    ("item_no_delete", "DELETE", "reviews_item", WAS_OF_FROZEN_LIST),
    ("veto_no_delete", "DELETE", "reviews_veto", WAS_OF_FROZEN_LIST),
    ("review_no_delete", "DELETE", "reviews_review", "OLD.state = 'submitted'"),
    ("mark_no_delete", "DELETE", "reviews_mark", WAS_OF_LOCKED_REVIEW),
    ("case_review_no_delete", "DELETE", "reviews_casereview", "TRUE"),
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [row_guards("reviews", GUARDS, message=MESSAGE)]
