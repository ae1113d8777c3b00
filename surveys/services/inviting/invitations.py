"""Asking those whose turn has come. The sweep is idempotent: the unique conversation makes it once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.cases.models import Case, Client
from qa_service.common.errors import Conflict
from qa_service.common.tokens import digest, new_link_token
from qa_service.common.workdays import Calendar
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import calendar
from surveys import recovery, texts, timing
from surveys.enums import TEXT_CHANNELS, Audience, Channel, ConversationState, MessageKind, Occasion, Sweep
from surveys.ladder import Person, Rung, best_rung, rungs_left
from surveys.mid_case import BY_A_PERSON, narrowed
from surveys.models import Conversation, MidCasePlan, Plan, Questionnaire
from surveys.models.conversations import CLOSING_WAVE
from surveys.queries import plan_for, published_questionnaire
from surveys.queries.due import APART, Come, Turn, Turns, come_by, groups_to_draw, more_than_alone, turns_due
from surveys.queries.persons import same_person, with_people
from surveys.services.contact.people import Reach, reach_of, within_plan
from surveys.services.contact.setting_aside import alone, set_aside
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.codes import offer_code
from surveys.services.inviting.draws import draw_due
from surveys.services.inviting.settling import settle_due
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.services.outgoing.outbox import enqueue
from surveys.services.outgoing.own_texts import own_texts
from surveys.sms.base import Gateway

SWEEP = 500
ACTOR = Actor.system("surveys.invite")


class AskedLately(Conflict):
    """However many cases, a person is followed up once in 30 days."""

    code = "asked_lately"


@dataclass(frozen=True, slots=True)
class Invited:
    """What one sweep did: conversations begun by text and for staff, and people another sweep was faster with.

    `aside`: the sweep failed at them, and a person was told.
    """

    by_text: int = 0
    for_staff: int = 0
    already: int = 0
    aside: int = 0

    def __add__(self, other: "Invited") -> "Invited":
        return Invited(
            by_text=self.by_text + other.by_text,
            for_staff=self.for_staff + other.for_staff,
            already=self.already + other.already,
            aside=self.aside + other.aside,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What one sweep found. `others`: among the cases whose day has come are more than clients alone to ask."""

    due: Turns
    others: bool
    come: Come


@dataclass(frozen=True, slots=True)
class Frame:
    """What all invitations of one sweep share."""

    gateway: Gateway | None
    calendar: Calendar
    now: datetime


def invite_due(*, limit: int = SWEEP, now: datetime) -> Invited:
    """Begin the conversations that are due, each in its own transaction. Of several clients of a case lots decide.

    Cases of which nobody is left to ask are marked, so that the next sweep does not look at them.

    :raises CalendarYearMissing: the official calendar of the year has not been imported; nobody is texted by guess.
    """
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=now)
    found = look(limit=limit, now=now)
    invited = begin_each(found.due, sweep=Sweep.INVITE, frame=frame)
    # What the look found none of came only by what was asked since.
    if found.others or found.due.turns:
        settle_due(come=found.come)
    return invited


def begin_each(due: Turns, *, sweep: Sweep, frame: Frame, mid_case: MidCasePlan | None = None) -> Invited:
    """Begin one conversation with each person whose turn it is. `sweep` is that of clients who are alone in a case."""
    by_text = for_staff = already = 0
    aside = len(due.unreadable)
    for failed, row, case_id in due.unreadable:
        set_aside(sweep=failed, row=row, case_id=case_id, now=frame.now)
    for turn in _one_per_person(due.turns):
        named, row = (Sweep.INVITE_DRAWN, turn.lot) if turn.lot else (sweep, turn.case.pk)
        begin = partial(invite, case=turn.case, client=turn.client, frame=frame, mid_case=mid_case)
        try:
            conversation = alone(begin, sweep=named, row=row, case_id=turn.case.pk, now=frame.now)
        except (IntegrityError, AskedLately):
            already += 1
            continue
        if conversation is None:
            aside += 1
            continue
        by_text += conversation.channel in TEXT_CHANNELS
        for_staff += conversation.channel not in TEXT_CHANNELS and conversation.is_open
    return Invited(by_text=by_text, for_staff=for_staff, already=already, aside=aside)


def look(*, limit: int = SWEEP, now: datetime) -> Found:
    """Draw where lots are missing, and find whose turn it is."""
    come = come_by(now)
    others = more_than_alone(come=come)
    if others:
        draw_due(groups_to_draw(come=come), wave=CLOSING_WAVE, limit=limit, now=now)
    return Found(due=turns_due(limit=limit, come=come, drawn_too=others), others=others, come=come)


def _one_per_person(turns: Iterable[Turn]) -> Iterable[Turn]:
    """A person with several due cases is asked about the first; the 30 days hold back the others."""
    seen: set[object] = set()
    for turn in turns:
        if seen.isdisjoint(turn.known_by):
            seen |= turn.known_by
            yield turn


@transaction.atomic
def invite(
    *, case: Case, client: Client, frame: Frame, wave: str = CLOSING_WAVE, mid_case: MidCasePlan | None = None
) -> Conversation:
    """Begin one conversation: with its first text in the outbox, or on the list of the staff.

    `mid_case`: the plan by which the client is asked while the case runs, and by no wider ways.

    :raises AskedLately: the person was asked within the last 30 days, about this case or another.
    :raises IntegrityError: the client has been asked about this case already.
    """
    # Asking again about a matter the client raised belongs to the follow-up in which they raised it.
    if not recovery.is_second(wave):
        _refuse_when_asked_lately(client, now=frame.now)
    settings = case.centre.settings
    plan = mid_case or plan_for(wave=wave, audience=Audience.CLIENT, centre_id=case.centre_id)
    reach = reach_of(client=client, settings=settings, gateway=frame.gateway, now=frame.now)
    if mid_case is not None:
        wave = mid_case.occasion
        person = within_plan(reach.person, mid_case_plan=mid_case, client=client, case=case)
        reach = replace(reach, person=_in_own_words(person, client, frame.gateway))
    elif case.closed_on is None:
        reach = replace(reach, person=narrowed(reach.person, BY_A_PERSON))
    rung = rung_of(client=client, settings=settings, reach=reach, gateway=frame.gateway)
    first_at = _first_text_at(client, reach, frame) if rung.channel in TEXT_CHANNELS else frame.now
    conversation = _begin(
        case=case, client=client, wave=wave, plan=plan, rung=rung, reach=reach, settings=settings,
        first_at=first_at, now=frame.now,
        questionnaire=published_questionnaire(plan.questionnaire_key),
    )  # fmt: skip
    if rung.channel in TEXT_CHANNELS:
        _queue_invitation(
            conversation=conversation, client=client, settings=settings, reach=reach, first_at=first_at, frame=frame
        )
    details = {"channel": rung.channel, "reason": rung.reason}
    record_asking(conversation=conversation, actor=ACTOR, action="surveys.invited", details=details, at=frame.now)
    return conversation


def _in_own_words(person: Person, client: Client, gateway: Gateway | None) -> Person:
    """A carrier's registered templates say that the matter is finished: while it runs they would be untrue."""
    if gateway is None or not client.phone or gateway.capabilities_for(client.phone).free_text:
        return person
    return replace(person, sms_allowed=False)


def _first_text_at(client: Client, reach: Reach, frame: Frame) -> datetime:
    """When the first text may leave: the days of the plan count from then, not from a night or a holiday before it."""
    if frame.gateway is None or not frame.gateway.capabilities_for(client.phone).reaches_people:
        return frame.now
    # None: hours that leave nothing; the sending step hands it to the staff.
    return timing.next_permitted(frame.now, hours=reach.hours, calendar=frame.calendar) or frame.now


def _refuse_when_asked_lately(client: Client, *, now: datetime) -> None:
    """The sweep has looked already; two sweeps at once may each have found another case of the same person."""
    rows = Client.objects.select_for_update().filter(same_person(client)).order_by("pk")
    # Whoever holds these rows is the only one to begin anything with this person.
    list(rows.values_list("pk", flat=True))
    asked = with_people([client.pk], client.numbers)
    if Conversation.objects.begun_since(now - APART).filter(asked).exists():
        raise AskedLately(_("This person has been asked within the last 30 days."))


def rung_of(*, client: Client, settings: CentreSettings, reach: Reach, gateway: Gateway | None) -> Rung:
    """The way in which the person is asked as things stand."""
    service = None
    if gateway is not None and client.phone:
        service = gateway.capabilities_for(client.phone)
    rung = best_rung(service=service, person=reach.person)
    # A code is worth nothing without a number to call.
    if rung.channel == Channel.SMS_CODE and not settings.office_phone:
        return best_rung(service=None, person=reach.person)
    return rung


def _begin(
    *,
    case: Case,
    client: Client,
    wave: str,
    plan: Plan | MidCasePlan,
    questionnaire: Questionnaire,
    rung: Rung,
    reach: Reach,
    settings: CentreSettings,
    first_at: datetime,
    now: datetime,
) -> Conversation:
    zone = ZoneInfo(settings.time_zone)
    until = timing.deadlines(
        invited_at=first_at, closes_after_days=plan.closes_after_days, late_until_days=plan.late_until_days, zone=zone
    )
    mid_case = plan if isinstance(plan, MidCasePlan) else None
    nobody_asked = ConversationState.UNREACHABLE if mid_case is None else ConversationState.WITHDRAWN
    closes_at = until.closes_at
    if case.hearing_on is not None and wave == Occasion.BEFORE_HEARING:
        closes_at = min(closes_at, datetime.combine(case.hearing_on, time.min, tzinfo=zone))
    by_text = rung.channel in TEXT_CHANNELS
    remind_at = timing.reminder_due(invited_at=first_at, reminders_sent=0, contact_days=plan.contact_days, zone=zone)
    return Conversation.objects.create(
        case=case,
        audience=Audience.CLIENT,
        recipient=client,
        wave=wave,
        mid_case_plan=mid_case,
        questionnaire=questionnaire,
        state=nobody_asked if rung.channel == Channel.NONE else ConversationState.AWAITING,
        channel=rung.channel,
        language=reach.language,
        phone_index=client.phone_index,
        invited_at=now,
        closes_at=closes_at,
        late_until=until.late_until,
        remind_at=remind_at if by_text else None,
        lapses_at=None
        if by_text
        else timing.rung_lapses_at(
            since=now, closes_at=closes_at, rungs_left=rungs_left(on=rung.channel, person=reach.person)
        ),
        staff_reason=rung.reason,
        created_at=now,
        updated_at=now,
    )


def _queue_invitation(
    *,
    conversation: Conversation,
    client: Client,
    settings: CentreSettings,
    reach: Reach,
    first_at: datetime,
    frame: Frame,
) -> None:
    assert frame.gateway is not None  # noqa: S101 - the rung says so
    channel = Channel(conversation.channel)
    body = texts.compose(
        kind=MessageKind.INVITATION,
        channel=channel,
        language=conversation.language,
        link=offer_link(conversation) if channel == Channel.SMS_LINK else "",
        code=offer_code(conversation) if channel == Channel.SMS_CODE else "",
        phone=settings.office_phone,
        own=own_texts(conversation, frame.gateway, client.phone),
    )
    enqueue(
        conversation=conversation,
        kind=MessageKind.INVITATION,
        phone=client.phone,
        body=body,
        gateway=frame.gateway.name,
        not_before=first_at,
        careful=reach.careful,
        now=frame.now,
    )


def offer_link(conversation: Conversation) -> str:
    """A fresh link for this conversation; only its digest is kept."""
    link = fresh_link(conversation)
    conversation.save(update_fields=["link_digest"])
    return link


def fresh_link(conversation: Conversation) -> str:
    """The same, to be saved by the caller."""
    token = new_link_token()
    conversation.link_digest = digest(token)
    return f"{django_settings.PUBLIC_BASE_URL}/s/{token}"
