"""Holding what is kept of one person, in the order in which everybody does: no two wait for each other for ever.

Cases before clients, older rows first; clients before their plan and their conversations, and whoever writes to both of
these holds the client.
"""

from django.db.models import Q, QuerySet

from qa_service.cases.models import Case, Client


def hold_person(client: Client) -> None:
    """Their cases and themselves, until the transaction ends: for whoever writes to several things of them."""
    list(Case.with_open.locked().filter(pk__in=cases_of(client).values("pk")).order_by("pk").values_list("pk"))
    hold_client(client)


def hold_client(client: Client) -> None:
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)


def cases_of(client: Client) -> QuerySet[Case]:
    """The person's own, whether the export names them or staff added them; under way or closed."""
    return Case.with_open.filter(Q(client=client) | Q(co_clients__client=client))
