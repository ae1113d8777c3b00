"""What a client says otherwise on their own form is kept beside the first answer, once, and nobody keyed it in.

Taken back only while no client has done so: before it every entry beside a first answer named who had keyed it in, so
what clients wrote themselves would have to be thrown away, or be laid to somebody who did not write it.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


class WrittenByClients(IrreversibleError):
    """Clients told otherwise on their own forms, and the version before knows of no entry that staff did not key in."""


def keep_what_clients_wrote(apps: Any, schema_editor: Any) -> None:
    """:raises WrittenByClients: some entry is a client's own; nothing is changed."""
    entries = apps.get_model("surveys", "SecondEntry").objects.using(schema_editor.connection.alias)
    own = entries.filter(entered_by=None).count()
    if own:
        text = (
            f"{own} answers that clients changed on their own forms are kept beside the first ones; the version before "
            "keeps only what staff keyed in, so going back would throw them away. Restore the copy made before the "
            "update instead."
        )
        raise WrittenByClients(text)


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0007_rows_set_aside'),
    ]

    operations = [
        migrations.AlterField(
            model_name='secondentry',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='secondentry',
            constraint=models.UniqueConstraint(condition=models.Q(('entered_by', None)), fields=('conversation',), name='second_entry_of_client_once'),
        ),
        # Last, so that on the way back it is asked first.
        migrations.RunPython(migrations.RunPython.noop, keep_what_clients_wrote),
    ]
