"""Drawing those of a case's several clients who are asked about it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case, Client
from qa_service.cases.queries import clients_of
from qa_service.common.tokens import lot_of
from surveys.drawing import Drawn, Ticket, draw
from surveys.enums import Audience, PassedOver, Sweep
from surveys.models import Conversation, DrawnClient
from surveys.queries.set_aside import is_set_aside
from surveys.services.contact.setting_aside import alone

SWEEP = 500
ACTOR = Actor.system("surveys.draw")


def draw_due(groups: QuerySet[Case], *, wave: str, limit: int = SWEEP, now: datetime) -> int:
    """Draw in those of the groups of clients that the sweep did not fail at; returns how many. Idempotent."""
    free = groups.filter(~is_set_aside(Sweep.DRAW, now=now))
    drawn = 0
    for case in list(free[:limit]):
        draw = partial(draw_clients, case=case, wave=wave, now=now)
        drawn += alone(draw, sweep=Sweep.DRAW, row=case.pk, case_id=case.pk, now=now) is not None
    return drawn


@transaction.atomic
def draw_clients(*, case: Case, wave: str, now: datetime) -> list[DrawnClient]:
    """Give a lot to everybody of the case who has none; returns the new rows. Who has one keeps it."""
    row = Case.with_open.locked().select_related("centre__settings", "client__contact_plan").get(pk=case.pk)
    people = {client.pk: client for client in clients_of(row)}
    known = {lot.client_id: lot for lot in DrawnClient.objects.filter(case=row, wave=wave)}
    asked = Conversation.objects.filter(case=row, wave=wave, audience=Audience.CLIENT, recipient__isnull=False)
    numbers = dict(asked.values_list("recipient", "phone_index"))
    chosen = {pk for pk, lot in known.items() if not lot.passed_over and pk in people}
    most = row.centre.settings.clients_asked_a_case
    held = [_ticket(row, people[pk], wave=wave) for pk in chosen - numbers.keys()]
    held += [Ticket(pk or 0, "", number) for pk, number in numbers.items()]
    fresh = [_ticket(row, client, wave=wave) for pk, client in people.items() if pk not in known | numbers.keys()]
    drawn = (*draw(fresh, most=most, held=held), *_asked_before(row, people, numbers.keys() - known.keys(), wave))
    rows = DrawnClient.objects.bulk_create(_row(row, each, wave=wave, most=most, now=now) for each in drawn)
    if rows:
        details = {"wave": wave, "clients": len(people), "most": most, "drawn": sum(each.chosen for each in drawn)}
        record(actor=ACTOR, action="surveys.clients_drawn", subject=row, details=details, at=now)
    return rows


def _asked_before(case: Case, people: dict[int, Client], keys: Iterable[int | None], wave: str) -> list[Drawn]:
    """Whoever was asked before anybody else was known."""
    return [Drawn(pk, _ticket(case, people[pk], wave=wave).lot) for pk in keys if pk in people]


def _ticket(case: Case, client: Client, *, wave: str) -> Ticket:
    """`number` is the guardian's where the guardian alone is spoken with."""
    return Ticket(client.pk, lot_of(f"{case.public_id}:{client.public_id}:{wave}"), client.reached_on)


def _row(case: Case, drawn: Drawn, *, wave: str, most: int, now: datetime) -> DrawnClient:
    return DrawnClient(
        case=case, client_id=drawn.client_id, wave=wave, lot=drawn.lot, passed_over=drawn.passed_over, most=most, at=now
    )


def is_drawn(*, case: Case, client: Client, wave: str) -> bool:
    """Whether this client is asked about the case; the only one known always is."""
    lots = DrawnClient.objects.filter(case=case, wave=wave)
    return not lots.exists() or lots.filter(client=client, passed_over=PassedOver.NOT).exists()
