"""Rows that nobody may change or delete, not even we: triggers, the same on SQLite and PostgreSQL.

For migrations, which rely on the SQL as it stands: a change of it is for a new function. On PostgreSQL that is all.

On SQLite a change of a column or constraint remakes its table, and with it go its guards. A later migration that
remakes a table does, in one migration:

1. lifts the guards that stand on the table, and those of other tables whose condition names it: SQLite reads every
   trigger again when it renames a table, and there is none by that name at that moment. Of all that is guarded,
   `SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%the_table%'` names both;
2. changes the table;
3. lays the same guards again.

The guards of an app stand in migrations after its tables. Let `laid = row_guards(…)` be made of the same tuples as
there, which may be imported: then 1 is `RunPython(laid.reverse_code, laid.code)`, and 3 is `laid`. An index, or a new
column that may be NULL and has no default, needs none of this: SQLite adds it in place.

Where many guards are in the way, `guards_lifted` finds them itself and lays them again as they stood.
"""

import re
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


def guards_lifted(*tables: str) -> tuple[RunPython, RunPython]:
    """What stands before and after the operations that remake these tables on SQLite, in either direction.

    The first lifts every guard on one of the tables or naming one; the second lays the same SQL again.
    """
    named = re.compile(rf"\b({'|'.join(map(re.escape, tables))})\b")
    lifted: list[str] = []

    def lift(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = [(name, sql) for name, sql in cursor.fetchall() if named.search(sql)]
        lifted[:] = [sql for _name, sql in found]
        for name, _sql in found:
            schema_editor.execute(f"DROP TRIGGER {name}", params=None)

    def lay(_apps: Any, schema_editor: Any) -> None:
        for sql in lifted:
            schema_editor.execute(sql, params=None)
        lifted.clear()

    return RunPython(lift, lay), RunPython(lay, lift)
