"""Who is asked about a case, who is not and why, and who waits because they were asked about another matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.models import Case, Client
from qa_service.cases.queries import clients_of
from qa_service.common.errors import NotFound
from surveys import timing
from surveys.enums import OPEN_STATES, Audience, ConversationState, PassedOver, Standing
from surveys.models import Conversation, DrawnClient
from surveys.models.conversations import CLOSING_WAVE, STAFF_ROLES
from surveys.queries.due import APART, asked_lately, come_alone, come_by, come_drawn
from surveys.queries.persons import GUARDIAN_RUNG, last_met, reached_on, with_people


@dataclass(frozen=True, slots=True)
class ClientTurn:
    """How one client of a case stands. `on`: the day on which they were asked, or before which they are not."""

    client: Client
    standing: Standing
    on: date | None = None
    state: ConversationState | None = None
    passed_over: PassedOver = PassedOver.NOT

    @property
    def may_have_card(self) -> bool:
        """A card is for whoever is or will be asked."""
        over = self.state is not None and self.state not in OPEN_STATES
        return not over and self.standing not in (Standing.NOT_DRAWN, Standing.NOT_RELEASED)


def turns_of_case(case: Case, *, now: datetime) -> list[ClientTurn]:
    """Every known client of the case, the export's first. `case` comes with its centre's settings; four queries."""
    people = clients_of(case)
    conversations = Conversation.objects.as_told().filter(case=case, wave=CLOSING_WAVE, audience=Audience.CLIENT)
    asked = {row.recipient_id: row for row in conversations}
    numbers = {row.phone_index for row in asked.values()}
    numbers |= {client.reached_on for client in people if client.pk in asked}
    group = _Group(
        case=case,
        lots={row.client_id: row for row in DrawnClient.objects.filter(case=case, wave=CLOSING_WAVE)},
        until=_asked_until(people, now=now),
        numbers=frozenset(numbers - {""}),
        several=len(people) > 1,
    )
    return [
        _asked(client, asked[client.pk], group.zone, now=now)
        if client.pk in asked
        else _unasked(client, group, now=now)
        for client in people
    ]


@dataclass(frozen=True, slots=True)
class _Group:
    """What is known of the clients of one case together; `numbers` are those on which somebody was asked."""

    case: Case
    lots: Mapping[int, DrawnClient]
    until: Mapping[int, datetime]
    numbers: frozenset[str]
    several: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.case.centre.settings.time_zone)

    def passed_over(self, client: Client) -> PassedOver:
        lot = self.lots.get(client.pk)
        if lot is not None and lot.passed_over:
            return PassedOver(lot.passed_over)
        return PassedOver.NOT if self.numbers.isdisjoint(client.numbers) else PassedOver.NUMBER


def _asked(client: Client, conversation: Conversation, zone: ZoneInfo, *, now: datetime) -> ClientTurn:
    on = conversation.invited_at.astimezone(zone).date()
    if conversation.invited_at > now:  # postponed at the moment of sending
        return ClientTurn(client, Standing.ANOTHER_MATTER, on=on)
    return ClientTurn(client, Standing.ASKED, on=on, state=conversation.told_state)


def _unasked(client: Client, group: _Group, *, now: datetime) -> ClientTurn:
    passed_over = group.passed_over(client)
    if passed_over:
        return ClientTurn(client, Standing.NOT_DRAWN, passed_over=passed_over)
    if group.case.survey_released_at is None:
        return ClientTurn(client, Standing.NOT_RELEASED)
    days = group.case.centre.settings.first_contact_delay_days
    first = timing.first_contact_due(closed_on=group.case.day_closed, delay_days=days, zone=group.zone)
    standing = Standing.TO_BE_ASKED
    if client.pk in group.until:
        standing = Standing.ANOTHER_MATTER
    elif group.several and client.pk not in group.lots:
        standing = Standing.TO_DRAW
    return ClientTurn(
        client, standing, on=max(first, now, group.until.get(client.pk, now)).astimezone(group.zone).date()
    )


def _asked_until(people: Sequence[Client], *, now: datetime) -> dict[int, datetime]:
    """Until when each may not be asked again; those who may are left out. One query."""
    theirs = with_people([client.pk for client in people], {number for each in people for number in each.numbers})
    rows = Conversation.objects.begun_since(now - APART).filter(theirs)
    until: dict[int, datetime] = {}
    for invited_at, recipient_id, *numbers in rows.values_list("invited_at", "recipient", "phone_index", GUARDIAN_RUNG):
        for client in people:
            if client.pk == recipient_id or not client.numbers.isdisjoint(numbers):
                until[client.pk] = max(until.get(client.pk, invited_at), invited_at)
    return {pk: moment + APART for pk, moment in until.items()}


class Waiting(NamedTuple):
    """One person who waits with one case: `before` is how many matters of the same person come first."""

    case_id: int
    client_id: int
    asked_at: datetime
    before: int

    @property
    def not_before(self) -> datetime:
        """The first moment at which the person may be asked about this one, if the others are asked at theirs."""
        return self.asked_at + APART * (self.before + 1)


def waiting_for_turn(*, user: User, now: datetime) -> list[Waiting]:
    """Within what the user may see: whose day has come, and who was asked about another matter within 30 days.

    The case that closed first is asked about first. Three queries; light rows, for a page to fetch its own.
    """
    rows: list[tuple[date, int, int, str, datetime]] = []
    come = come_by(now)
    alone = come_alone(come=come).filter(asked_lately("client", now=now), _seen(user))
    rows += _with_last_asked(alone.exclude(_own(user)), now=now).values_list(
        "closed_on", "pk", "client", "rung", "last"
    )
    drawn = come_drawn(come=come).filter(asked_lately("client", now=now), _seen(user, "case__"))
    rows += _with_last_asked(drawn.exclude(_own(user, "case__")), now=now).values_list(
        "case__closed_on", "case", "client", "rung", "last"
    )
    return _in_turn(sorted(rows))


def _in_turn(rows: Iterable[tuple[date, int, int, str, datetime]]) -> list[Waiting]:
    before: dict[str | int, int] = defaultdict(int)
    found = []
    for _closed_on, case_id, client_id, number, last in rows:
        person = number or client_id
        found.append(Waiting(case_id, client_id, last, before[person]))
        before[person] += 1
    return sorted(found, key=lambda each: (each.not_before, each.case_id))


def _seen(user: User, case: str = "") -> Q:
    return within(user, f"{case}centre__path", *STAFF_ROLES)


def _own(user: User, case: str = "") -> Q:
    return own_work(user, lawyer=f"{case}lawyer", firm=f"{case}firm")


def _with_last_asked(rows: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    lately = Conversation.objects.begun_since(now - APART)
    last = Greatest(*last_met(lately, "client", since=now - APART))
    found: QuerySet[Any] = rows.select_related(None).order_by().annotate(last=last, rung=reached_on("client"))
    return found


def case_to_ask_about(*, user: User, public_id: UUID) -> Case:
    """A case of the user's subtree that they did not handle.

    :raises NotFound: there is none.
    """
    cases = (
        Case.objects.filter(_seen(user)).exclude(_own(user)).select_related("centre__settings", "client__contact_plan")
    )
    found = cases.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such case."))
    return found


def cases_and_clients(rows: Sequence[Waiting]) -> list[tuple[Waiting, Case, Client]]:
    """The rows of one page with what they name; two queries."""
    cases = Case.objects.select_related("centre__settings").in_bulk({row.case_id for row in rows})
    clients = Client.objects.in_bulk({row.client_id for row in rows})
    return [(row, cases[row.case_id], clients[row.client_id]) for row in rows]
