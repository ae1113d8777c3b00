"""In which way clients would be asked if it were now: the sweep's own rule, looked up for a whole page at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured

from qa_service.cases.models import Case
from surveys.ladder import Rung
from surveys.queries.persons import closed_elsewhere
from surveys.services.contact.opt_outs import opted_out_among
from surveys.services.contact.people import reach_with
from surveys.services.inviting.invitations import rung_of
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.sms.base import Gateway


def ways_to_ask(cases: Sequence[Case], *, now: datetime) -> Mapping[int, Rung]:
    """By the key of the case. `cases` come with their centre's settings, client and contact plan."""
    gateway = _gateway()
    stopped = opted_out_among([case.client.phone_index for case in cases if case.client.phone_index])
    elsewhere = closed_elsewhere([case.client.phone_index for case in cases if case.client.phone_index])
    ways = {}
    for case in cases:
        index = case.client.phone_index
        reach = reach_with(
            client=case.client,
            settings=case.centre.settings,
            gateway=gateway,
            opted_out=bool({(index, None), (index, case.centre_id)} & stopped),
            elsewhere=elsewhere.of(case.client),
            now=now,
        )
        ways[case.pk] = rung_of(client=case.client, settings=case.centre.settings, reach=reach, gateway=gateway)
    return ways


def _gateway() -> Gateway | None:
    """One that must not be used here texts nobody."""
    try:
        return gateway_in_use()
    except ImproperlyConfigured:
        return None
