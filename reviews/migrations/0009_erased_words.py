"""Words that people wrote about a file may be written over by the mark of erasure, and by nothing else.

Every guard refuses what it refused before, unless an update does exactly that. In a result the words lie inside JSON:
there all marks must stay as they are when the words beside them are left out of both. A mark of a locked review can no
longer be moved to another review either.
"""

from importlib import import_module

from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged, written_over

MESSAGE = "published and submitted records are frozen"
MARK = "〔已删除 erased〕"
first = import_module("reviews.migrations.0002_freeze")
served = import_module("reviews.migrations.0004_results_served")
late = import_module("reviews.migrations.0005_accepted_lateness")
vetoes = import_module("reviews.migrations.0006_vetoes_served")
EARLIER = {
    guard[0]: guard
    for guard in (
        *(guard for guard in first.GUARDS if guard[0] in {"review_locked", "mark_locked_update"}),
        *(guard for guard in served.AFTER if guard[1] == "UPDATE"),
        *(guard for guard in vetoes.GUARDS if guard[1] == "UPDATE"),
        (
            "lateness_frozen",
            "UPDATE",
            "reviews_acceptedlateness",
            f"OLD.withdrawn_at IS NOT NULL OR NOT ({late.SAID})",
        ),
    )
}
# Name of the guard → the words that may be erased, and every other column.
WORDS = {
    "review_locked": (
        ("comment",),
        (
            "id", "public_id", "assignment_id", "version", "state", "saved_at", "submitted_at", "total",
            "not_applicable", "limited", "band",
        ),
    ),
    "mark_locked_update": (
        ("comment", "page"),
        ("id", "review_id", "item_id", "anchor", "reason_code", "updated_at"),
    ),
    "objection_frozen": (
        ("statement", "answer"),
        (
            "id", "public_id", "case_id", "result_id", "lodged_by_id", "lodged_at", "received_on", "decide_by", "state",
            "decided_by_id", "decided_at",
        ),
    ),
    "objected_item_frozen": (
        ("comment", "page"),
        ("id", "objection_id", "item_id", "decision", "anchor", "reason_code"),
    ),
    "veto_mark_frozen": (
        ("statement", "page", "answer", "decision_reason"),
        (
            "id", "public_id", "review_id", "veto_id", "state", "marked_by_id", "marked_at", "answer_due_on",
            "served_on", "served_by_id", "answered_at", "answer_received_on", "answer_entered_by_id", "decided_by_id",
            "decided_at",
        ),
    ),
    "lateness_frozen": (
        ("reason", "withdrawal_reason"),
        ("id", "public_id", "case_id", "accepted_by_id", "accepted_at", "withdrawn_by_id", "withdrawn_at"),
    ),
}  # fmt: skip
RESULT = (
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
        f"{unchanged(*RESULT)} AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.reason = '{MARK}' "
        f"AND {shorn.format(row='NEW')} IS NOT DISTINCT FROM {shorn.format(row='OLD')} "
        f"AND NOT {WORDS_LEFT[vendor].format(mark=MARK)}"
    )
    name, event, table, refused = EARLIER["case_review_frozen"]
    return name, event, table, f"(({refused}) OR NOT ({unchanged('erased_at')})) AND NOT ({erased})"


def of_words(name):
    words, others = WORDS[name]
    _name, event, table, refused = EARLIER[name]
    if name == "mark_locked_update":
        refused = f"{first.OF_LOCKED_REVIEW} OR {first.WAS_OF_LOCKED_REVIEW}"
    return name, event, table, f"({refused}) AND NOT ({written_over(*words, others=others, mark=MARK)})"


def allow(apps, schema_editor):
    guards = [of_result(schema_editor.connection.vendor), *(of_words(name) for name in WORDS)]
    row_guards("reviews", list(EARLIER.values()), message=MESSAGE).reverse_code(apps, schema_editor)
    row_guards("reviews", guards, message=MESSAGE).code(apps, schema_editor)


def refuse_again(apps, schema_editor):
    laid = row_guards("reviews", list(EARLIER.values()), message=MESSAGE)
    laid.reverse_code(apps, schema_editor)
    laid.code(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0008_told_lawyer")]

    operations = [
        migrations.AddField("casereview", "erased_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(allow, refuse_again),
    ]
