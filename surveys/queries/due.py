"""Whose turn it is."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qa_service.cases.models import Case, Client, CoClient
from qa_service.cases.queries import unsettled
from qa_service.organisations.models import CentreSettings
from surveys import recovery, timing
from surveys.enums import Audience, PassedOver, Publication, Sweep
from surveys.models import Conversation, DrawnClient, MidCasePlan, Plan, Questionnaire
from surveys.models.conversations import CLOSING_WAVE, first_wave
from surveys.queries.persons import met
from surveys.queries.set_aside import Read, is_set_aside, read_each

# One person is followed up at most once in so many days, however many cases.
APART = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person to be asked about one case; `lot`: the key of theirs, where lots were drawn."""

    case: Case
    client: Client
    lot: int | None = None

    @property
    def known_by(self) -> frozenset[str | int]:
        """Who answers one telephone is one person, in whatever cases and centres."""
        return self.client.numbers | {self.client.pk}


@dataclass(frozen=True, slots=True)
class Come:
    """Of which cases the day has come at a moment: read once for all that a sweep or a page asks of them.

    Centres differ in zone and delay, but not in many ways: the newest closing day for each pair in use.
    """

    now: datetime
    last: tuple[tuple[str, int, date], ...]

    def condition(self, case: str = "") -> Q:
        """A condition on rows: their day has come, and the sweep has not done with the released case."""
        there = Q(pk__in=[])
        for zone, delay, last in self.last:
            there |= Q(
                **{
                    f"{case}centre__settings__time_zone": zone,
                    f"{case}centre__settings__first_contact_delay_days": delay,
                    f"{case}closed_on__lte": last,
                }
            )
        # The newest day of all is what an index can be read up to.
        newest = max((last for _zone, _delay, last in self.last), default=date.min)
        come = Q(**{f"{case}survey_released_at__lte": self.now, f"{case}closed_on__lte": newest})
        return unsettled(case) & come & there


def come_by(now: datetime) -> Come:
    """One query."""
    pairs = CentreSettings.objects.values_list("time_zone", "first_contact_delay_days").distinct()
    last = (
        (zone, delay, timing.last_closing_day_due(now=now, delay_days=delay, zone=ZoneInfo(zone)))
        for zone, delay in pairs
    )
    return Come(now=now, last=tuple(last))


@dataclass(frozen=True, slots=True)
class Turns:
    """Whom to ask now. `unreadable`: by sweep and key what nobody can read, with its case."""

    turns: list[Turn]
    unreadable: tuple[tuple[Sweep, int, int], ...] = ()


def turns_due(*, limit: int, come: Come, drawn_too: bool = True) -> Turns:
    """Whom to ask now, the case that closed first before the others of the same person.

    `drawn_too`: False where `more_than_alone` has found none. What a sweep failed at is left out until its next try.
    """
    free = ~is_set_aside(Sweep.INVITE, now=come.now)
    alone = read_each(due_invitations(come=come).filter(free), limit=limit)
    drawn: Read[DrawnClient] = read_drawn(due_drawn(come=come), limit=limit, now=come.now) if drawn_too else Read([])
    due = both(alone, drawn, sweep=Sweep.INVITE)
    return replace(due, turns=sorted(due.turns, key=lambda turn: (turn.case.closed_on, turn.case.pk))[:limit])


def both(alone: Read[Case], drawn: Read[DrawnClient], *, sweep: Sweep) -> Turns:
    """One clients of cases, then those drawn; `sweep` is what failed at the former."""
    turns = [Turn(case, case.client) for case in alone.rows]
    turns += [Turn(row.case, row.client, row.pk) for row in drawn.rows]
    unreadable = [(sweep, key, key) for key in alone.unreadable]
    if drawn.unreadable:
        lots = DrawnClient.objects.filter(pk__in=drawn.unreadable).values_list("pk", "case")
        unreadable += [(Sweep.INVITE_DRAWN, key, case) for key, case in lots]
    return Turns(turns, tuple(unreadable))


def read_drawn(due: QuerySet[DrawnClient], *, limit: int, now: datetime) -> Read[DrawnClient]:
    """With all that asking takes, which is fetched only where somebody was found: mostly nobody is."""
    rows = due.filter(~is_set_aside(Sweep.INVITE_DRAWN, now=now))
    keys = list(rows.values_list("pk", flat=True)[:limit])
    related = "client__contact_plan", "case__centre__settings", "case__firm"
    whole = DrawnClient.objects.select_related(*related).filter(pk__in=keys)
    return read_each(whole, limit=limit) if keys else Read([])


def due_invitations(*, come: Come) -> QuerySet[Case]:
    """Released cases whose one known client has not been asked and whose day has come, oldest first."""
    return come_alone(come=come).filter(~asked_lately("client", now=come.now)).order_by("closed_on", "pk")


def due_drawn(*, come: Come) -> QuerySet[DrawnClient]:
    """The same of cases with several clients: those of them on whom the lot fell."""
    return come_drawn(come=come).filter(~asked_lately("client", now=come.now)).order_by("case__closed_on", "pk")


def come_alone(*, come: Come) -> QuerySet[Case]:
    """Their day has come, whether or not the person was asked about another matter lately."""
    related = "client__contact_plan", "centre__settings", "firm"
    return Case.objects.filter(come.condition(), _alone_to_ask()).select_related(*related)


def come_drawn(*, come: Come) -> QuerySet[DrawnClient]:
    """The same of several clients. Who is no client any more, or is reached on a telephone on which another client of
    the case was asked since the lots fell, is left out.
    """
    return drawn_to_ask(CLOSING_WAVE).filter(come.condition("case__"))


def groups_to_draw(*, come: Come) -> QuerySet[Case]:
    """Released cases with several clients whose day has come and one of whom has no lot yet."""
    joined = joined_without_lot(come.condition("case__"), wave=CLOSING_WAVE)
    return Case.objects.filter(pk__in=joined.values("case")).order_by("closed_on", "pk")


def joined_without_lot(condition: Q, *, wave: str) -> QuerySet[CoClient]:
    """Who joined cases one of whose clients has no lot yet. By these, who are few: whether there are lots is then asked
    of their cases alone.
    """
    lots = DrawnClient.objects.filter(wave=wave, case=OuterRef("case"))
    without = ~Exists(lots.filter(client=OuterRef("client"))) | ~Exists(lots.filter(client=OuterRef("case__client")))
    return CoClient.objects.current().filter(condition, without, case__client__erased_at=None)


def more_than_alone(*, come: Come) -> bool:
    """Whether, of the released cases whose day has come, any is not simply one client whom nobody has asked: without
    one there is no lot to draw, nobody drawn to ask and no case to have done with.
    """
    return Case.objects.filter(come.condition(), ~_alone_to_ask()).exists()


def asked_out(*, come: Come) -> QuerySet[Case]:
    """Released cases whose day has come and of which nobody is left to ask: what the sweep need not look at again.

    Who was asked about another matter lately is still to be asked; whose data was erased is not. Nor is, for good,
    whoever was reached on the telephone of another client when this was found, though numbers are forgotten in time.
    """
    drawn = drawn_to_ask(CLOSING_WAVE).filter(case=OuterRef("pk"))
    return Case.objects.filter(come.condition(), ~_alone_to_ask(), ~_to_draw(), ~Exists(drawn))


def _alone_to_ask() -> Q:
    """A condition on cases: nobody was asked about it, and one client alone is known."""
    asked = Conversation.objects.filter(first_wave(), case=OuterRef("pk"))
    joined = CoClient.objects.current().filter(case=OuterRef("pk"))
    return Q(~Exists(asked), ~Exists(joined), client__erased_at=None)


def drawn_to_ask(wave: str) -> QuerySet[DrawnClient]:
    """On whom the lot fell in one round of asking, who are clients still and whom nobody asked in it."""
    asked = Conversation.objects.filter(audience=Audience.CLIENT, wave=wave, case=OuterRef("case"))
    still = CoClient.objects.current().filter(case=OuterRef("case"), client=OuterRef("client"))
    return (
        DrawnClient.objects.filter(wave=wave, passed_over=PassedOver.NOT, client__erased_at=None)
        .filter(Q(client=F("case__client")) | Exists(still))
        .filter(~met(asked, "client"))
    )


def _to_draw() -> Q:
    """A condition on cases: it has several clients, and one of them has no lot yet."""
    lots = DrawnClient.objects.filter(wave=CLOSING_WAVE, case=OuterRef("case"), client=OuterRef("client"))
    named = DrawnClient.objects.filter(wave=CLOSING_WAVE, case=OuterRef("pk"), client=OuterRef("client"))
    joined = CoClient.objects.current().filter(case=OuterRef("pk"))
    return Q(Exists(joined), Exists(joined.filter(~Exists(lots))) | ~Exists(named), client__erased_at=None)


def asked_lately(client: str, *, now: datetime) -> Q:
    """A condition on rows: the person behind the path `client` was asked about anything within the last 30 days."""
    return met(Conversation.objects.begun_since(now - APART), client)


def plan_for(*, wave: str, audience: Audience, centre_id: int) -> Plan:
    """The centre's own plan of a wave, else the default.

    :raises Plan.DoesNotExist: nothing has been published.
    """
    if recovery.is_second(wave):
        wave = recovery.WAVE
    plans = Plan.objects.filter(Q(centre=None) | Q(centre_id=centre_id), wave=wave, audience=audience, active=True)
    # The centre's own one first: nulls sort differently on different databases, so the choice is made here.
    found = sorted(plans, key=lambda plan: plan.centre_id is None)
    if not found:
        raise Plan.DoesNotExist
    return found[0]


def plan_of(conversation: Conversation) -> Plan | MidCasePlan:
    """By which it goes on: while the case runs the very version it began by, else the one that holds now.

    :raises Plan.DoesNotExist: nothing has been published.
    """
    if conversation.mid_case_plan is not None:
        return conversation.mid_case_plan
    audience = Audience(conversation.audience)
    return plan_for(wave=conversation.wave, audience=audience, centre_id=conversation.case.centre_id)


def published_questionnaire(key: str) -> Questionnaire:
    """:raises Questionnaire.DoesNotExist: none of the key has been published."""
    return Questionnaire.objects.get(key=key, state=Publication.PUBLISHED)
