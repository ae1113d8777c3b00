"""What a client says anew once their matter was closed is a matter of its own: one that is open, of each kind.

Taken back only while no client has done so: before it one matter of each kind was all that a follow-up could hold, and
of two one would have to be thrown away, with who saw to it and when.
"""

from typing import Any

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


class SaidTwice(IrreversibleError):
    """Clients raised a matter of one kind twice, and the version before knows of one."""


def keep_both(apps: Any, schema_editor: Any) -> None:
    """:raises SaidTwice: some follow-up has two matters of a kind; nothing is changed."""
    alerts = apps.get_model("surveys", "Alert").objects.using(schema_editor.connection.alias)
    twice = alerts.values("conversation", "kind").annotate(said=models.Count("pk")).filter(said__gt=1).count()
    if twice:
        text = (
            f"{twice} matters were raised anew after they had been closed; the version before keeps one of each kind "
            "in a follow-up, so going back would throw matters away. Restore the copy made before the update instead."
        )
        raise SaidTwice(text)


class Migration(migrations.Migration):

    dependencies = [("surveys", "0002_frozen_questions")]

    operations = [
        migrations.RemoveConstraint(model_name="alert", name="alert_once_per_conversation_and_kind"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=models.Q(("state", "closed"), _negated=True),
                name="alert_open_once_per_conversation_and_kind",
            ),
        ),
        # Last, so that on the way back it is asked first.
        migrations.RunPython(migrations.RunPython.noop, keep_both),
    ]
