"""Whom the staff have to reach."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.cases.enums import ContactReason
from qa_service.common.errors import NotFound
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import days_off, from_midnight_there
from surveys.enums import Channel
from surveys.models import Conversation
from surveys.models.conversations import ConversationQuerySet


class When(StrEnum):
    NOW = "now"
    TODAY = "today"
    LATER = "later"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of the list: what is promised for a later day is not today's. Empty texts choose nothing."""

    when: When = When.ALL
    place: str = ""
    dialect: str = ""


EVERYTHING = Chosen()


@dataclass(frozen=True, slots=True)
class Selection:
    """What the list holds, to choose from, and how much of it is for later days."""

    places: tuple[str, ...]
    dialects: tuple[str, ...]


def telephone_list(*, user: User, now: datetime, chosen: Chosen = EVERYTHING) -> QuerySet[Conversation]:
    """Whom to telephone, of those the user may see: urgent first, then by promised time, then by age."""
    return (
        _to_ring(user)
        .filter(_day(chosen.when, now), _place(chosen.place))
        .filter(**{name: value for name, value in _exactly(chosen).items() if value})
        .select_related("case__centre__settings", "case__station", "recipient__contact_plan", "held_by")
        .order_by("-urgent", F("call_back_at").asc(nulls_last=True), "invited_at", "pk")
    )


def staff_list(*, user: User) -> QuerySet[Conversation]:
    """Of every rung on which a person of the centre asks, in the same order."""
    return (
        Conversation.objects.visible_to(user)
        .for_staff()
        .as_told()
        .select_related("case__centre", "case__station", "recipient__contact_plan", "held_by")
        .order_by("-urgent", F("call_back_at").asc(nulls_last=True), "invited_at", "pk")
    )


def telephone_selection(*, user: User) -> Selection:
    """The townships and dialects that stand on the list."""
    rows = list(
        _to_ring(user)
        .order_by()
        .values_list("recipient__township", "case__station__name", "recipient__dialect")
        .distinct()
    )
    return Selection(
        places=tuple(sorted({township or station for township, station, _dialect in rows if township or station})),
        dialects=tuple(sorted({dialect for _township, _station, dialect in rows if dialect})),
    )


def _to_ring(user: User) -> QuerySet[Conversation]:
    return Conversation.objects.visible_to(user).for_staff().filter(channel=Channel.TELEPHONE)


def _day(when: When, now: datetime) -> Q:
    if when is When.ALL:
        return Q()
    if when is When.NOW:
        return _may_be_rung(now) & (Q(call_back_at=None) | Q(call_back_at__lte=now))
    later = from_midnight_there(now, "case__centre", "call_back_at")
    return later if when is When.LATER else ~later | Q(call_back_at=None)


def _may_be_rung(now: datetime) -> Q:
    """The database's side of `timing.ringing_hours` at this moment, with the plan's word on calls.

    Centres differ in zone and hours, but not in many ways: one condition for each in use. On a public holiday nobody is
    rung but who is in danger.
    """
    off = days_off(since=now.date() - timedelta(days=1))
    known = CentreSettings.objects.values_list("time_zone", "contact_opens", "contact_closes").distinct()
    found = Q(pk__in=[])
    for zone, opens, closes in known:
        there = now.astimezone(ZoneInfo(zone)).time()
        on_this_day = Q(urgent=True) if now.astimezone(ZoneInfo(zone)).date() in off else Q()
        here = Q(
            case__centre__settings__time_zone=zone,
            case__centre__settings__contact_opens=opens,
            case__centre__settings__contact_closes=closes,
        )
        found |= here & on_this_day & _safe(there) & (Q() if opens <= there < closes else _at_any_hour(opens, closes))
    plan = Q(recipient__contact_plan__phone_allowed=False) | Q(recipient__contact_plan__reason=ContactReason.IN_CUSTODY)
    return found & ~plan


def _safe(there: time) -> Q:
    plan = "recipient__contact_plan__"
    begun = Q(**{f"{plan}safe_from": None}) | Q(**{f"{plan}safe_from__lte": there})
    return begun & (Q(**{f"{plan}safe_until": None}) | Q(**{f"{plan}safe_until__gt": there}))


def _at_any_hour(opens: time, closes: time) -> Q:
    """Rung outside the centre's hours: somebody in danger, and whose safe hours have nothing in common with them."""
    plan = "recipient__contact_plan__"
    return Q(urgent=True) | Q(**{f"{plan}safe_from__gte": closes}) | Q(**{f"{plan}safe_until__lte": opens})


def _place(place: str) -> Q:
    """The person's township, or the station at which they applied where no township is known."""
    if not place:
        return Q()
    return Q(recipient__township=place) | Q(recipient__township="", case__station__name=place)


def _exactly(chosen: Chosen) -> dict[str, str]:
    return {"recipient__dialect": chosen.dialect}


def telephone_conversation(*, user: User, public_id: uuid.UUID | str) -> Conversation:
    """One conversation with a client in the user's scope, whatever its state, with all that its page shows.

    :raises NotFound: outside the scope, or none.
    """
    beside = ("case__centre__settings", "case__station", "recipient__contact_plan", "questionnaire", "held_by")
    return _one(_seen_by(user).as_told(), public_id, *beside, "response")


def conversation_to_record(*, user: User, public_id: uuid.UUID | str) -> Conversation:
    """The same for whoever writes something down of it, which reads the row once more under its lock.

    To compose the statement of the page, and to make objects of its seven rows, takes as long as all that is written.

    :raises NotFound: outside the scope, or none.
    """
    return _one(_seen_by(user), public_id, "case")


def _seen_by(user: User) -> ConversationQuerySet:
    return Conversation.objects.visible_to(user).with_clients()


def _one(rows: ConversationQuerySet, public_id: uuid.UUID | str, *beside: str) -> Conversation:
    found = next(iter(rows.select_related(*beside).filter(public_id=public_id)), None)
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found
