"""Who may be rung, when, and who may answer: the contact plan and the hours at the moment of the call."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from qa_service.cases.models import ContactPlan
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.queries import days_off
from surveys.enums import Answerer
from surveys.ladder import Person
from surveys.models import Conversation
from surveys.queries.persons import ALL_OPEN, closed_to
from surveys.services.contact.people import plan_of, while_under_way, without_text
from surveys.timing import calling_hours, ringing_hours, rings_from


class NotNow(Conflict):
    """The contact plan lets nobody ring this person, or not at this hour."""

    code = "not_now"


def call_barrier(
    conversation: Conversation,
    *,
    danger: bool = False,
    wished: bool = False,
    barred: bool = False,
    matter: bool = False,
    now: datetime,
) -> str:
    """Why nobody may ring this person at this moment, as a sentence; empty where somebody may.

    `danger`: it is rung about danger, at any hour that is safe for them. `wished`: they asked this centre to ring. In
    both what another centre closed to the same person holds up no call. `barred`: they are not to be rung for a reason
    that whoever asks is not to learn, so it is told in the words of a closed way. `matter`: it is rung about something
    that they raised, which nobody can put back.
    """
    client = conversation.recipient
    plan = plan_of(client) if client else None
    if client is None:
        return ""
    turned_to_us = danger or wished or conversation.urgent
    elsewhere = ALL_OPEN if turned_to_us else closed_to(client)
    person = without_text(client, elsewhere=elsewhere)
    if not conversation.urgent:
        person = while_under_way(person, client=client, conversation=conversation)
    if barred or not person.phone_allowed:
        return _without_call(person) if matter else _otherwise(person)
    if person.in_custody:
        return _("This person is in custody: a letter or a visit, no call.")
    if plan and not _safe(plan, now, conversation):
        return _("It is not one of the person's safe hours. Do not ring now.")
    return "" if danger else _too_early_or_late(conversation, now)


def _otherwise(person: Person) -> str:
    if not person.visit_allowed:
        return _("This person may not be telephoned. Put the case back.")
    return _("This person may not be telephoned. Put the case back and arrange a visit.")


def _without_call(person: Person) -> str:
    if not person.visit_allowed:
        return _("This person may not be telephoned. See to this matter without contact.")
    return _("This person may not be telephoned. See to this matter without contact, or by a visit.")


def days_without_calls(*, now: datetime) -> frozenset[date]:
    """Public holidays, on which nobody is rung but who is in danger. Read once for a whole list."""
    return days_off(since=now.date() - timedelta(days=1))


def may_ring_from(conversation: Conversation, *, off: Collection[date], now: datetime) -> datetime:
    """When the person may be rung by the hours and days alone: now, or the next time that they open.

    Somebody in danger is rung on any day, at any hour that is safe for them. `off`: see `days_without_calls`.
    """
    settings = conversation.case.centre.settings
    plan = plan_of(conversation.recipient) if conversation.recipient else None
    safe = {"safe_from": plan.safe_from, "safe_until": plan.safe_until} if plan else {}
    opens, closes = settings.contact_opens, settings.contact_closes
    if conversation.urgent:
        opens, closes, off = time.min, time.max, ()
    hours = ringing_hours(opens=opens, closes=closes, **safe)
    return rings_from(now, hours=hours, zone=ZoneInfo(settings.time_zone), days_off=off)


def _too_early_or_late(conversation: Conversation, now: datetime) -> str:
    off = days_without_calls(now=now)
    opens = may_ring_from(conversation, off=off, now=now)
    if opens <= now:
        return ""
    zone = ZoneInfo(conversation.case.centre.settings.time_zone)
    moment = {"moment": f"{opens.astimezone(zone):%Y-%m-%d %H:%M}"}
    if now.astimezone(zone).date() in off:
        return _("Today is a public holiday. Ring from %(moment)s.") % moment
    return _("It is outside the hours of calling. Ring from %(moment)s.") % moment


def refuse_promise_not_kept(row: Conversation, moment: datetime, *, visit: bool = False, now: datetime) -> None:
    """A promised call or visit is one that can be made: in the hours of calling, on no public holiday, while the
    follow-up runs.

    The person's own safe hours stand in the place of the centre's where the two have nothing in common. Past its
    closing day a follow-up leaves the lists of staff, though answers are taken for longer.

    :raises InvalidInput: the call or visit lies outside the person's safe hours, those of calling, or after the end.
    """
    field = "again_at" if visit else "call_back_at"
    _refuse_unsafe(row, moment, field=field)
    settings = row.case.centre.settings
    zone = ZoneInfo(settings.time_zone)
    opens, closes = calling_hours(settings.contact_opens, settings.contact_closes)
    plan = plan_of(row.recipient) if row.recipient else None
    safe = {"safe_from": plan.safe_from, "safe_until": plan.safe_until} if plan else {}
    start, end = ringing_hours(opens=opens, closes=closes, **safe)
    last = row.taken_until if row.is_late(now) else row.answer_by
    if now > last:
        raise InvalidInput(
            _("The last day of this follow-up is over: no further call or visit can be promised."), field=field
        )
    hour = moment.astimezone(zone).time()
    # From the closing minute on nobody is rung; at that minute a visitor may still be at the door.
    if moment > last or not (start <= hour <= end if visit else start <= hour < end):
        text = (
            _("Visits are made from %(start)s to %(end)s, to this person until %(day)s at the latest.")
            if visit
            else _("Calls are made from %(start)s to %(end)s, for this person until %(day)s at the latest.")
        )
        given = {"start": _hour(start), "end": _hour(end), "day": last.astimezone(zone).date().isoformat()}
        raise InvalidInput(text % given, field=field)
    if not row.urgent and moment.astimezone(zone).date() in days_without_calls(now=now):
        raise InvalidInput(_("That day is a public holiday. Choose another one."), field=field)


def _refuse_unsafe(row: Conversation, moment: datetime, *, field: str) -> None:
    plan = plan_of(row.recipient) if row.recipient else None
    if plan and not _safe(plan, moment, row):
        hours = {"start": _hour(plan.safe_from), "end": _hour(plan.safe_until)}
        raise InvalidInput(
            _("The person's safe hours are %(start)s–%(end)s. Promise a time within them.") % hours,
            field=field,
        )


def is_left_to_guardian(row: Conversation, answerer: Answerer) -> bool:
    """Whether the plan lets another answer than this one."""
    plan = plan_of(row.recipient) if row.recipient else None
    return bool(plan and plan.guardian_only and answerer not in (Answerer.GUARDIAN, Answerer.AUTHORISED))


def refuse_when_guardian_only(row: Conversation, answerer: Answerer) -> None:
    if is_left_to_guardian(row, answerer):
        raise InvalidInput(_("For this person the guardian alone answers."), field="answerer")


def _safe(plan: ContactPlan, moment: datetime, conversation: Conversation) -> bool:
    local = moment.astimezone(ZoneInfo(conversation.case.centre.settings.time_zone)).time()
    return (plan.safe_from or time.min) <= local and (plan.safe_until is None or local < plan.safe_until)


def _hour(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else "…"
