"""Cases weighed before this waited for a reader whom nobody was asked to name: they are weighed once more.

Nothing to do on the way back: what was weighed again says the same.
"""

from django.db import migrations
from django.db.models import F, Q


def weigh_again(apps, schema_editor):
    alias = schema_editor.connection.alias
    scores = apps.get_model("scoring", "CaseScore").objects.using(alias).filter(is_current=True)
    wanting = scores.filter(Q(derivation__contains='"fail_needs_reader"') | Q(derivation__contains='"not_two_readers"'))
    ids = list(wanting.values_list("case_id", flat=True))
    changes = apps.get_model("cases", "EvidenceChange").objects.using(alias)
    changes.filter(case__in=ids).update(version=F("version") + 1)
    known = set(changes.filter(case__in=ids).values_list("case_id", flat=True))
    changes.bulk_create([changes.model(case_id=case_id) for case_id in ids if case_id not in known], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_reader_requests"),
        ("scoring", "0014_statement_received_on"),
    ]

    operations = [migrations.RunPython(weigh_again, migrations.RunPython.noop)]
