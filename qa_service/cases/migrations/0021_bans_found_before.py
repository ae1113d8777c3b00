"""Bans of shared numbers from before 0020 said which was found by comparing; the sweep then lifts what has ended.

Told by somebody, perhaps, and left as it is: where a note stands, or a person confirmed or changed the plan or corrected
the number; here or in another entry under the same name or number, whose reason a corrected entry inherits.
"""

from django.db import migrations
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields import CharField
from django.db.models.functions import Cast

BY_A_PERSON = ("cases.contact_plan_changed", "cases.phone_corrected")


def mark_what_was_found(apps, schema_editor):
    database = schema_editor.connection.alias
    plans = apps.get_model("cases", "ContactPlan").objects.using(database)
    entries = apps.get_model("audit", "Entry").objects.using(database)
    # Written or done by a person, to the plan itself or to that of another entry for the same person or number.
    same = Q(client__name_index=OuterRef("client__name_index")) | Q(client__phone_index=OuterRef("client__phone_index"))
    acts = entries.filter(action__in=BY_A_PERSON, subject_type="cases.Client", subject_id=OuterRef("of"))
    told = Q(note__isempty=False) | Q(confirmed_on__isnull=False) | Q(Exists(acts))
    kin = plans.filter(same, client__centre=OuterRef("client__centre")).annotate(of=Cast("client_id", CharField()))
    banned = plans.filter(reason="number_shared", found_shared=False).exclude(client__phone_index="")
    found = banned.filter(~Exists(kin.filter(told)))
    plans.filter(pk__in=list(found.values_list("pk", flat=True))).update(found_shared=True)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_remarks'),
        ('cases', '0020_found_shared'),
    ]

    operations = [migrations.RunPython(mark_what_was_found, migrations.RunPython.noop, elidable=True)]
