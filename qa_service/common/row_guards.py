"""Rows that nobody may change or delete, not even we: triggers, the same on SQLite and PostgreSQL.

For migrations, which rely on the SQL as it stands: a change of it is for a new function. A later migration that
rebuilds a guarded table on SQLite must install its triggers again. One that rebuilds a table which the condition of
another's guard names (reviews 0006 and 0011 do) must lift that guard first: SQLite reads every trigger again when it
renames a table, and there is none by that name at that moment.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython

# Name, event (INSERT, UPDATE or DELETE), table, and the condition on OLD and NEW under which the write is refused.
Guard = tuple[str, str, str, str]


def unchanged(*columns: str) -> str:
    """The condition that none of these differs, where nothing equals nothing."""
    return " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)


def written_over(*words: str, others: Sequence[str], mark: str) -> str:
    """The condition that nothing differs but that columns of `words` are given the mark of erasure.

    `others` are all the other columns of the table. Let a guard refuse `(what it refuses) AND NOT (this)`.
    """
    each = " AND ".join(f"({unchanged(column)} OR NEW.{column} = '{mark}')" for column in words)
    return f"{unchanged(*others)} AND {each}"


def row_guards(app: str, guards: Sequence[Guard], *, message: str) -> RunPython:
    """The operation that installs them, and takes them away on the way back. `message` is the database's refusal."""

    def install(_apps: Any, schema_editor: Any) -> None:
        for name, event, table, condition in guards:
            if schema_editor.connection.vendor == "postgresql":
                row = "OLD" if event == "DELETE" else "NEW"
                # PostgreSQL allows no sub-query in WHEN: the condition becomes the body of a function of its own.
                schema_editor.execute(
                    f"CREATE FUNCTION {app}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' "
                    f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$",
                    params=None,
                )
                body = f"FOR EACH ROW EXECUTE FUNCTION {app}_{name}()"
            else:
                body = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
                body = body.replace("IS NOT DISTINCT FROM", "IS")
            schema_editor.execute(f"CREATE TRIGGER {app}_{name} BEFORE {event} ON {table} {body}", params=None)

    def remove(_apps: Any, schema_editor: Any) -> None:
        for name, _event, table, _condition in guards:
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER {app}_{name} ON {table}")
                schema_editor.execute(f"DROP FUNCTION {app}_{name}()")
            else:
                schema_editor.execute(f"DROP TRIGGER {app}_{name}")

    return RunPython(install, remove)
