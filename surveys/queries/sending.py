"""How sending stands: what has gone against the limits, what waits and why, and what people were warned of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, within
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys.enums import MessageState
from surveys.limits import Limit
from surveys.models import Message, Sender, SendingWarning
from surveys.queries.text_counts import text_counts_now

READING_ROLES = (Role.OPERATOR, Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP)
WARNED_OF_FOR = timedelta(days=30)
WARNINGS_SHOWN = 50

WHY = {
    Limit.DAY: _("The day's limit is reached"),
    Limit.MONTH: _("The month's limit is reached"),
    Limit.COUNTRY_DAY: _("The day's limit for a country is reached"),
    Limit.COUNTRY_MONTH: _("The month's limit for a country is reached"),
}
DUE, LATER = _("Their turn has come"), _("Not due yet, or tried again later")
STATES = {
    MessageState.SENDING: _("Being sent"),
    MessageState.UNKNOWN: _("Not known whether they were sent: the text service's own list is looked at"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """Texts that wait for one reason. `until`: when the first of them goes on; None where nobody can say."""

    code: str
    why: str
    number: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendingOf:
    """One centre: texts handed over today and this month, and those that wait."""

    centre: Organisation
    today: int
    month: int
    held: tuple[Held, ...]


def sending_centres(user: User) -> QuerySet[Organisation]:
    """Centres whose sending the user may look at, in the order of the tree."""
    reached = organisations_reached(user, *READING_ROLES).filter(kind=OrganisationKind.CENTRE)
    return reached.select_related("settings")


def sending_of(centres: Sequence[Organisation], *, now: datetime) -> list[SendingOf]:
    """In the order given; the same few queries for one centre and for a page of them."""
    counts = text_counts_now([centre.settings for centre in centres], now=now)
    held = _held([centre.pk for centre in centres], now=now)
    return [
        SendingOf(
            centre=centre,
            today=sum(counts[centre.pk].day.values()),
            month=sum(counts[centre.pk].month.values()),
            held=tuple(held[centre.pk]),
        )
        for centre in centres
    ]


def _held(centres: Sequence[int], *, now: datetime) -> dict[int, list[Held]]:
    """Only what waits is looked at, by its indexes; what has gone, or was given to a person, is in other states."""
    waiting = Message.objects.filter(
        Q(state=MessageState.QUEUED) | Q(state__in=list(STATES)), conversation__case__centre__in=centres
    )
    rows = waiting.order_by().values("conversation__case__centre", "state", "error_code", late=Q(not_before__lte=now))
    found: dict[int, list[Held]] = defaultdict(list)
    for row in rows.annotate(number=Count("pk"), until=Min("not_before")):
        _add(found[row["conversation__case__centre"]], _one(row))
    return found


def _one(row: Mapping[str, Any]) -> Held:
    number, state, until = row["number"], MessageState(row["state"]), row["until"]
    if state is not MessageState.QUEUED:
        return Held(code=state, why=str(STATES[state]), number=number)
    if row["late"]:
        return Held(code="due", why=str(DUE), number=number)
    if row["error_code"] in list(Limit):
        limit = Limit(row["error_code"])
        return Held(code=limit, why=str(WHY[limit]), number=number, until=until)
    return Held(code="later", why=str(LATER), number=number, until=until)


def _add(held: list[Held], more: Held) -> None:
    """Texts that wait for one reason stand together, whatever else their rows say."""
    for place, same in enumerate(held):
        if same.code == more.code:
            moments = [moment for moment in (same.until, more.until) if moment]
            held[place] = Held(more.code, more.why, same.number + more.number, min(moments, default=None))
            return
    held.append(more)


def warnings_for(user: User, *, now: datetime) -> QuerySet[SendingWarning]:
    """Of the last month, the newest first: those of the user's centres, and for operators those of the provider."""
    mine = within(user, "centre__path", *READING_ROLES)
    if user.has_role(Role.OPERATOR):
        mine |= Q(centre=None)
    return SendingWarning.objects.filter(mine, at__gt=now - WARNED_OF_FOR).select_related("centre__settings")


def resting_until() -> datetime | None:
    """When the text service, which refuses us, is tried again; None while it does not."""
    return Sender.objects.exclude(rests_until=None).values_list("rests_until", flat=True).first()
