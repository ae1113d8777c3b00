"""A notice that has its number and can never be printed may be withdrawn: from *issuing* straight to *withdrawn*.

The guard refuses everything else that it refused before.
"""

from importlib import import_module

from django.db import migrations

from qa_service.common.row_guards import row_guards

decided = import_module("scoring.migrations.0004_freeze_decisions")
erased = import_module("scoring.migrations.0013_erased_words")
NAME, EVENT, TABLE, REFUSED = erased.of_words("notice_frozen")
FORWARD = decided.FORWARD.replace("NEW.state = 'issued')", "NEW.state IN ('issued', 'withdrawn'))")
GUARD = (NAME, EVENT, TABLE, REFUSED.replace(decided.FORWARD, FORWARD))


def lay(guard):
    def again(apps, schema_editor):
        laid = row_guards("scoring", [guard], message=erased.MESSAGE)
        laid.reverse_code(apps, schema_editor)
        laid.code(apps, schema_editor)

    return again


class Migration(migrations.Migration):
    dependencies = [("scoring", "0015_ask_for_readers")]

    operations = [migrations.RunPython(lay(GUARD), lay((NAME, EVENT, TABLE, REFUSED)))]
