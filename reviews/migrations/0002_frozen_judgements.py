"""What is published or submitted cannot be changed, not even by us: checklists, reviews, marks, results, objections.

Words that people wrote about a file may be written over by the mark of erasure, and by nothing else. In a result the
words lie inside JSON: there all marks must stay as they are when the words beside them are left out of both.
"""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged, written_over

MESSAGE = "published and submitted records are frozen"
MARK = "〔已删除 erased〕"


def once(*columns):
    """Each may be filled while it is empty, and never again."""
    return " AND ".join(f"(OLD.{column} IS NULL OR {unchanged(column)})" for column in columns)


def but_erased(refused, *words, others):
    return f"({refused}) AND NOT ({written_over(*words, others=others, mark=MARK)})"


CHECKLIST = unchanged("code", "version", "purpose", "case_type", "title", "reasons", "catalogue", "digest")
OF_FROZEN_LIST = "EXISTS (SELECT 1 FROM reviews_checklist c WHERE c.id = NEW.checklist_id AND c.state <> 'draft')"
OF_LOCKED_REVIEW = "EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = NEW.review_id AND r.state = 'submitted')"
WAS_OF_FROZEN_LIST = OF_FROZEN_LIST.replace("NEW.", "OLD.")
WAS_OF_LOCKED_REVIEW = OF_LOCKED_REVIEW.replace("NEW.", "OLD.")
LODGED = unchanged("public_id", "case_id", "result_id", "lodged_by_id", "lodged_at", "received_on", "statement")
ANSWERED = unchanged("state", "decided_by_id", "decided_at", "answer")
RULED = unchanged("decision", "anchor", "reason_code", "page", "comment")
OF_DECIDED = "EXISTS (SELECT 1 FROM reviews_objection o WHERE o.id = OLD.objection_id AND o.state <> 'lodged')"
ACCEPTED = unchanged("public_id", "case_id", "reason", "accepted_by_id", "accepted_at")

# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("checklist_frozen", "UPDATE", "reviews_checklist", f"OLD.state <> 'draft' AND NOT ({CHECKLIST})"),
    ("section_frozen_insert", "INSERT", "reviews_section", OF_FROZEN_LIST),
    ("section_frozen_update", "UPDATE", "reviews_section", OF_FROZEN_LIST),
    ("item_frozen_insert", "INSERT", "reviews_item", OF_FROZEN_LIST),
    ("item_frozen_update", "UPDATE", "reviews_item", OF_FROZEN_LIST),
    ("veto_frozen_insert", "INSERT", "reviews_veto", OF_FROZEN_LIST),
    ("veto_frozen_update", "UPDATE", "reviews_veto", OF_FROZEN_LIST),
    ("checklist_no_delete", "DELETE", "reviews_checklist", "OLD.state <> 'draft'"),
    ("section_no_delete", "DELETE", "reviews_section", WAS_OF_FROZEN_LIST),
    ("item_no_delete", "DELETE", "reviews_item", WAS_OF_FROZEN_LIST),
    ("veto_no_delete", "DELETE", "reviews_veto", WAS_OF_FROZEN_LIST),
    (
        "review_locked",
        "UPDATE",
        "reviews_review",
        but_erased(
            "OLD.state = 'submitted'",
            "comment",
            others=(
                "id", "public_id", "assignment_id", "version", "state", "saved_at", "submitted_at", "total",
                "not_applicable", "limited", "band",
            ),
        ),
    ),
    ("review_no_delete", "DELETE", "reviews_review", "OLD.state = 'submitted'"),
    ("mark_locked_insert", "INSERT", "reviews_mark", OF_LOCKED_REVIEW),
    (
        "mark_locked_update",
        "UPDATE",
        "reviews_mark",
        but_erased(
            f"{OF_LOCKED_REVIEW} OR {WAS_OF_LOCKED_REVIEW}",
            "comment",
            "page",
            others=("id", "review_id", "item_id", "anchor", "reason_code", "updated_at"),
        ),
    ),
    ("mark_no_delete", "DELETE", "reviews_mark", WAS_OF_LOCKED_REVIEW),
    ("case_review_no_delete", "DELETE", "reviews_casereview", "TRUE"),
    (
        "case_review_told_lawyer_frozen",
        "UPDATE",
        "reviews_casereview",
        f"OLD.told_lawyer_id IS NOT NULL AND NOT ({unchanged('told_lawyer_id')})",
    ),
    (
        "objection_frozen",
        "UPDATE",
        "reviews_objection",
        but_erased(
            f"NOT ({LODGED} AND {once('decide_by')} AND (OLD.state = 'lodged' OR ({ANSWERED})))",
            "statement",
            "answer",
            others=(
                "id", "public_id", "case_id", "result_id", "lodged_by_id", "lodged_at", "received_on", "decide_by",
                "state", "decided_by_id", "decided_at",
            ),
        ),
    ),
    ("objection_no_delete", "DELETE", "reviews_objection", "TRUE"),
    (
        "objected_item_frozen",
        "UPDATE",
        "reviews_objecteditem",
        but_erased(
            f"NOT ({unchanged('objection_id', 'item_id')}) OR {OF_DECIDED} AND NOT ({RULED})",
            "comment",
            "page",
            others=("id", "objection_id", "item_id", "decision", "anchor", "reason_code"),
        ),
    ),
    ("objected_item_no_delete", "DELETE", "reviews_objecteditem", "TRUE"),
    (
        "lateness_frozen",
        "UPDATE",
        "reviews_acceptedlateness",
        but_erased(
            f"OLD.withdrawn_at IS NOT NULL OR NOT ({ACCEPTED})",
            "reason",
            "withdrawal_reason",
            others=("id", "public_id", "case_id", "accepted_by_id", "accepted_at", "withdrawn_by_id", "withdrawn_at"),
        ),
    ),
    ("lateness_no_delete", "DELETE", "reviews_acceptedlateness", "TRUE"),
    (
        "waiver_frozen",
        "UPDATE",
        "reviews_readerwaiver",
        f"NOT ({written_over('reason', others=('id', 'case_id', 'readers', 'decided_by_id', 'decided_at'), mark=MARK)})",
    ),
    ("waiver_no_delete", "DELETE", "reviews_readerwaiver", "OLD.id IS NOT NULL"),
)  # fmt: skip

RESULT = unchanged(
    "public_id", "case_id", "version", "state", "score", "grade", "grade_cap", "veto_state", "vetoes", "method",
    "readers", "spread", "agreed", "limited", "items", "reason", "released_at",
)  # fmt: skip
# Told once, in one way: who was told on their home is not served on paper afterwards.
TOLD = (
    f"{once('objection_until', 'served_on', 'served_by_id')}"
    f" AND (OLD.objection_until IS NULL OR {unchanged('served_on')})"
)
BESIDE_THE_WORDS = unchanged(
    "id", "public_id", "case_id", "checklist_id", "version", "state", "score", "grade", "grade_cap", "veto_state",
    "vetoes", "method", "readers", "spread", "agreed", "limited", "created_at", "superseded_at", "released_at",
    "objection_until", "told_lawyer_id", "served_on", "served_by_id",
)  # fmt: skip
# The items of a result without the words beside its marks, and the condition that the words left are the mark.
SHORN = {
    "sqlite": (
        "(SELECT json_group_array(json_set(i.value, '$.marks', (SELECT json_group_array("
        "json_remove(m.value, '$.comment', '$.page')) FROM json_each(i.value, '$.marks') m))) "
        "FROM json_each({row}.items) i)"
    ),
    "postgresql": (
        "(SELECT jsonb_agg(i || jsonb_build_object('marks', (SELECT COALESCE(jsonb_agg(m - 'comment' - 'page' "
        "ORDER BY n), '[]') FROM jsonb_array_elements(i->'marks') WITH ORDINALITY AS of_item(m, n))) ORDER BY k) "
        "FROM jsonb_array_elements({row}.items) WITH ORDINALITY AS of_result(i, k))"
    ),
}
WORDS_LEFT = {
    "sqlite": (
        "EXISTS (SELECT 1 FROM json_each(NEW.items) i, json_each(i.value, '$.marks') m "
        "WHERE COALESCE(json_extract(m.value, '$.comment'), '') NOT IN ('', '{mark}') "
        "OR COALESCE(json_extract(m.value, '$.page'), '') NOT IN ('', '{mark}'))"
    ),
    "postgresql": (
        "EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.items) i, jsonb_array_elements(i->'marks') m "
        "WHERE COALESCE(m->>'comment', '') NOT IN ('', '{mark}') OR COALESCE(m->>'page', '') NOT IN ('', '{mark}'))"
    ),
}


def of_result(vendor):
    shorn = SHORN[vendor]
    erased = (
        f"{BESIDE_THE_WORDS} AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.reason = '{MARK}' "
        f"AND {shorn.format(row='NEW')} IS NOT DISTINCT FROM {shorn.format(row='OLD')} "
        f"AND NOT {WORDS_LEFT[vendor].format(mark=MARK)}"
    )
    refused = f"((NOT ({RESULT} AND {TOLD})) OR NOT ({unchanged('erased_at')})) AND NOT ({erased})"
    guard = ("case_review_frozen", "UPDATE", "reviews_casereview", refused)
    return row_guards("reviews", (guard,), message=MESSAGE)


def freeze_results(apps, schema_editor):
    of_result(schema_editor.connection.vendor).code(apps, schema_editor)


def thaw_results(apps, schema_editor):
    of_result(schema_editor.connection.vendor).reverse_code(apps, schema_editor)


class Migration(migrations.Migration):
    replaces = [("reviews", "0002_freeze"), ("reviews", "0009_erased_words")]

    dependencies = [("reviews", "0001_tables")]

    operations = [
        row_guards("reviews", GUARDS, message=MESSAGE),
        migrations.RunPython(freeze_results, thaw_results),
    ]
