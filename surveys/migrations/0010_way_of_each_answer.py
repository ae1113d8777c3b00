"""The way by which each answer came, where it is not that of the first of its response.

Of answers that are there already it is told by their moment: what staff keyed in bears that of the call, visit or sheet;
what else came after a mark by text came by the form.
"""

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef

KEYED_IN = ("telephone", "visit", "paper", "letter")
BEGUN_BY_THEMSELF = ("sms", "web")


def find(apps, schema_editor):
    answers = apps.get_model("surveys", "Answer").objects.using(schema_editor.connection.alias)
    contacts = apps.get_model("surveys", "Contact").objects.using(schema_editor.connection.alias)
    begun = answers.filter(response__mode__in=BEGUN_BY_THEMSELF, response__entered_by__isnull=False)
    reached = contacts.filter(
        conversation=OuterRef("response__conversation"), at=OuterRef("answered_at"), outcome="reached"
    )
    for channel in KEYED_IN:
        theirs = begun.filter(Exists(reached.filter(channel=channel)))
        answers.filter(pk__in=theirs.values("pk")).update(mode=channel)
    by_form = answers.filter(response__mode="sms", mode="").exclude(answered_at=F("response__started_at"))
    answers.filter(pk__in=by_form.values("pk")).update(mode="web")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0009_what_is_set_aside")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sms", "Text message"),
                    ("web", "Web form"),
                    ("telephone", "Telephone"),
                    ("visit", "Visit"),
                    ("paper", "Paper"),
                    ("letter", "Letter"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.RunPython(find, migrations.RunPython.noop, elidable=True),
    ]
