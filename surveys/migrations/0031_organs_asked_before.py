"""Cases whose organ was asked before there was a mark for it: the sweep need not look at them again."""

from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def mark_what_was_asked(apps, schema_editor):
    database = schema_editor.connection.alias
    asked = apps.get_model("surveys", "Conversation").objects.using(database)
    asked = asked.filter(case=OuterRef("pk"), audience="organ").order_by("invited_at")
    cases = apps.get_model("cases", "Case").objects.using(database).filter(Exists(asked), organ_asked_at=None)
    cases.update(organ_asked_at=Subquery(asked.values("invited_at")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0022_organ_asked'),
        ('surveys', '0030_told_forms'),
    ]

    operations = [migrations.RunPython(mark_what_was_asked, migrations.RunPython.noop, elidable=True)]
