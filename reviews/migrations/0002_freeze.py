"""What is published or submitted cannot be changed, not even by us: triggers refuse it on both databases.

A later migration that rebuilds one of these tables on SQLite must install its trigger again.
"""

from django.db import migrations

MESSAGE = "published and submitted records are frozen"


def unchanged(*columns):
    return " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)


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


def install(apps, schema_editor):
    for name, event, table, condition in GUARDS:
        if schema_editor.connection.vendor == "postgresql":
            # PostgreSQL allows no sub-query in WHEN: the condition becomes the body of a function of its own.
            schema_editor.execute(
                f"CREATE FUNCTION reviews_{name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{MESSAGE}' "
                f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$",
                params=None,
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION reviews_{name}()"
        else:
            body = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            body = body.replace("IS NOT DISTINCT FROM", "IS")
        schema_editor.execute(f"CREATE TRIGGER reviews_{name} BEFORE {event} ON {table} {body}", params=None)


def remove(apps, schema_editor):
    for name, _event, table, _condition in GUARDS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER reviews_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION reviews_{name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER reviews_{name}")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
