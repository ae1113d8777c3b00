"""Whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qa_service.cases.models import Case, Client, CoClient
from qa_service.cases.queries import cases_to_ask
from qa_service.organisations.models import CentreSettings
from surveys import recovery, timing
from surveys.enums import Audience, PassedOver, Publication
from surveys.models import Conversation, DrawnClient, MidCasePlan, Plan, Questionnaire
from surveys.models.conversations import CLOSING_WAVE

# One person is followed up at most once in so many days, however many cases.
APART = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person to be asked about one case."""

    case: Case
    client: Client

    @property
    def person(self) -> str | int:
        """Who answers one telephone is one person, in whatever cases and centres."""
        return self.client.phone_index or self.client.pk


def turns_due(*, limit: int, now: datetime, wave: str = CLOSING_WAVE) -> list[Turn]:
    """Whom to ask now, the case that closed first before the others of the same person."""
    alone = [Turn(case, case.client) for case in due_invitations(now=now, wave=wave)[:limit]]
    drawn = [Turn(row.case, row.client) for row in due_drawn(now=now, wave=wave)[:limit]]
    return sorted(alone + drawn, key=lambda turn: (turn.case.closed_on, turn.case.pk))[:limit]


def due_invitations(*, now: datetime, wave: str = CLOSING_WAVE) -> QuerySet[Case]:
    """Released cases whose one known client has not been asked and whose day has come, oldest first."""
    return come_alone(now=now, wave=wave).filter(~asked_lately("client", now=now)).order_by("closed_on", "pk")


def due_drawn(*, now: datetime, wave: str = CLOSING_WAVE) -> QuerySet[DrawnClient]:
    """The same of cases with several clients: those of them on whom the lot fell."""
    return come_drawn(now=now, wave=wave).filter(~asked_lately("client", now=now)).order_by("case__closed_on", "pk")


def come_alone(*, now: datetime, wave: str) -> QuerySet[Case]:
    """Their day has come, whether or not the person was asked about another matter lately."""
    asked = Conversation.objects.filter(case=OuterRef("pk"), wave=wave, audience=Audience.CLIENT)
    return (
        cases_to_ask(now=now)
        .select_related("client__contact_plan", "centre__settings", "firm")
        .filter(_day_has_come(now))
        .filter(~Exists(asked))
        .filter(~Exists(CoClient.objects.current().filter(case=OuterRef("pk"))))
    )


def come_drawn(*, now: datetime, wave: str) -> QuerySet[DrawnClient]:
    """The same of several clients. Who is no client any more, or is reached on a telephone on which another client of
    the case was asked since the lots fell, is left out.
    """
    of_case = Conversation.objects.filter(case=OuterRef("case"), wave=wave, audience=Audience.CLIENT)
    still = CoClient.objects.current().filter(case=OuterRef("case"), client=OuterRef("client"))
    return (
        DrawnClient.objects.filter(wave=wave, passed_over=PassedOver.NOT, case__survey_released_at__lte=now)
        .select_related("client__contact_plan", "case__centre__settings", "case__firm")
        .filter(_day_has_come(now, "case__"))
        .filter(Q(client=F("case__client")) | Exists(still))
        .filter(~Exists(of_case.filter(recipient=OuterRef("client"))))
        .filter(Q(client__phone_index="") | ~Exists(of_case.filter(phone_index=OuterRef("client__phone_index"))))
    )


def groups_to_draw(*, now: datetime, wave: str) -> QuerySet[Case]:
    """Released cases with several clients whose day has come and one of whom has no lot yet."""
    lots = DrawnClient.objects.filter(wave=wave)
    joined = CoClient.objects.current()
    without = joined.filter(~Exists(lots.filter(case=OuterRef("case"), client=OuterRef("client"))))
    named_without = ~Exists(lots.filter(case=OuterRef("pk"), client=OuterRef("client")))
    return (
        cases_to_ask(now=now)
        .filter(pk__in=joined.values("case"))
        .filter(Q(pk__in=without.values("case")) | named_without)
        .filter(_day_has_come(now))
        .order_by("closed_on", "pk")
    )


def asked_lately(client: str, *, now: datetime) -> Q:
    """A condition on rows: the person behind the path `client` was asked about anything within the last 30 days."""
    lately = Conversation.objects.begun_since(now - APART)
    by_number = Q(Exists(lately.filter(phone_index=OuterRef(f"{client}__phone_index"))))
    return Q(Exists(lately.filter(recipient=OuterRef(client)))) | ~Q(**{f"{client}__phone_index": ""}) & by_number


def _day_has_come(now: datetime, case: str = "") -> Q:
    """Centres differ in zone and delay, but not in many ways: one condition for each pair in use."""
    pairs = CentreSettings.objects.values_list("time_zone", "first_contact_delay_days").distinct()
    condition = Q(pk__in=[])
    for zone, delay in pairs:
        newest = timing.last_closing_day_due(now=now, delay_days=delay, zone=ZoneInfo(zone))
        condition |= Q(
            **{
                f"{case}centre__settings__time_zone": zone,
                f"{case}centre__settings__first_contact_delay_days": delay,
                f"{case}closed_on__lte": newest,
            }
        )
    return condition


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
