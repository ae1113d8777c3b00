"""Preparing and reading the rows of a run: `python -m prove.rows prepare 500 | count | taken`."""

import json
import sys
from collections.abc import Callable
from datetime import time

import django


def prepare(invitations: int) -> int:
    from django.core.management import call_command
    from django.utils import timezone

    from tests import factories
    from tests.surveys.waiting import invitations_waiting

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    centre = factories.centre(
        settings={
            "sms_enabled": True,
            "first_contact_delay_days": 0,
            # The test runs at any hour; quiet hours have tests of their own.
            "contact_opens": time(0),
            "contact_closes": time(23, 59, 59),
            "texts_a_day": 100_000,
            "texts_a_month": 1_000_000,
        }
    )
    invitations_waiting(centre, invitations, now=timezone.now())
    return invitations


def count() -> dict[str, int]:
    from django.db.models import Count

    from surveys.models import Message

    rows = Message.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return {str(state): number for state, number in rows}


def taken() -> list[str]:
    from surveys.models import Message

    references = Message.objects.filter(state="accepted").values_list("reference", flat=True)
    return [reference for reference in references if reference]


if __name__ == "__main__":
    django.setup()
    acts: dict[str, Callable[..., object]] = {"prepare": prepare, "count": count, "taken": taken}
    act = acts[sys.argv[1]]
    print(json.dumps(act(*map(int, sys.argv[2:]))))
