"""The record cannot be changed, not even by us: triggers refuse it on both databases. Remarks may be erased."""

from django.db import migrations

from qa_service.common.row_guards import row_guards, unchanged

SQLITE = (
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
)
REMARKS = (
    (
        "remark_frozen",
        "UPDATE",
        "audit_remark",
        f"NOT ({unchanged('entry_id', 'at')} AND (NEW.text = '' OR {unchanged('text')}))",
    ),
    ("remark_no_delete", "DELETE", "audit_remark", "OLD.entry_id IS NOT NULL"),
)


def install(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
        schema_editor.execute("DROP FUNCTION audit_entry_append_only()")
        return
    schema_editor.execute("DROP TRIGGER audit_entry_no_update")
    schema_editor.execute("DROP TRIGGER audit_entry_no_delete")


class Migration(migrations.Migration):
    replaces = [("audit", "0002_append_only")]

    dependencies = [("audit", "0001_tables")]

    operations = [
        migrations.RunPython(install, remove),
        row_guards("audit", REMARKS, message="the record is append-only"),
    ]
