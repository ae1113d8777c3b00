"""A role without a place is held once: NULLs differ from each other in a UNIQUE of nullable columns."""

from typing import Any

from django.db import migrations, models
from django.db.models import Min


def keep_one(apps: Any, _schema_editor: Any) -> None:
    """Of rows that say the same thing the first stays."""
    grants = apps.get_model("accounts", "Grant").objects.filter(role="lawyer")
    first = grants.values("user").annotate(first=Min("pk")).values_list("first", flat=True)
    grants.exclude(pk__in=list(first)).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(keep_one, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=["user"], condition=models.Q(role="lawyer"), name="grant_lawyer_once"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="password_is_temporary",
            field=models.BooleanField(default=False),
        ),
    ]
