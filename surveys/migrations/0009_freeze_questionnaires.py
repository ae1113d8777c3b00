"""A published questionnaire cannot be changed, not even by us: triggers refuse it on both databases.

A later migration that rebuilds one of these tables on SQLite must drop the triggers first and install them again.
"""

from django.db import migrations

MESSAGE = "a published questionnaire is frozen"


def unchanged(*columns):
    return " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)


CONTENT = unchanged(
    "key", "version", "audience", "owner_id", "title_zh", "title_en", "title_further", "languages", "texts",
    "published_at",
)  # fmt: skip
OF_FROZEN = "EXISTS (SELECT 1 FROM surveys_questionnaire n WHERE n.id = NEW.questionnaire_id AND n.state <> 'draft')"
OF_FROZEN_QUESTION = (
    "EXISTS (SELECT 1 FROM surveys_question q JOIN surveys_questionnaire n ON n.id = q.questionnaire_id "
    "WHERE q.id = NEW.question_id AND n.state <> 'draft')"
)

# (name, event, table, condition under which the write is refused)
GUARDS = (
    (
        "questionnaire_frozen",
        "UPDATE",
        "surveys_questionnaire",
        f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR NOT ({CONTENT}))",
    ),
    ("question_frozen_insert", "INSERT", "surveys_question", OF_FROZEN),
    ("question_frozen_update", "UPDATE", "surveys_question", OF_FROZEN),
    ("choice_frozen_insert", "INSERT", "surveys_choice", OF_FROZEN_QUESTION),
    ("choice_frozen_update", "UPDATE", "surveys_choice", OF_FROZEN_QUESTION),
)


def install(apps, schema_editor):
    for name, event, table, condition in GUARDS:
        if schema_editor.connection.vendor == "postgresql":
            # PostgreSQL allows no sub-query in WHEN: the condition becomes the body of a function of its own.
            schema_editor.execute(
                f"CREATE FUNCTION surveys_{name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{MESSAGE}' "
                f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
                params=None,
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION surveys_{name}()"
        else:
            body = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            body = body.replace("IS NOT DISTINCT FROM", "IS")
        schema_editor.execute(f"CREATE TRIGGER surveys_{name} BEFORE {event} ON {table} {body}", params=None)


def remove(apps, schema_editor):
    for name, _event, table, _condition in GUARDS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER surveys_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION surveys_{name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER surveys_{name}")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_questionnaire_drafts")]

    operations = [migrations.RunPython(install, remove)]
