"""Claims of the version before say nothing of when they were handed over: each may have been, so none is sent again."""

from typing import Any

from django.db import migrations
from django.db.models import F


def count_as_handed_over(apps: Any, _editor: Any) -> None:
    messages = apps.get_model("surveys", "Message").objects.filter(state="sending", handed_at=None)
    messages.update(handed_at=F("lease_until"))


class Migration(migrations.Migration):
    dependencies = [("surveys", "0013_claims_and_senders")]

    operations = [migrations.RunPython(count_as_handed_over, migrations.RunPython.noop)]
