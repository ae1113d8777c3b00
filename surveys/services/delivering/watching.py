"""Telling whoever answers for it that something is wrong with sending: each thing once a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.notifications.services import notify
from qa_service.organisations.models import CentreSettings, Organisation
from surveys.enums import MessageState, StaffReason, WarningKind
from surveys.limits import Limit
from surveys.models import Conversation, Message, Sender, SendingWarning, TextCount
from surveys.models.messages import WATCHED_CODES
from surveys.models.sending import ALL_COUNTRIES
from surveys.queries.text_counts import today_there

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# So many clients of one centre, in a day, with numbers of countries that it does not text: hardly a file of cases.
MANY_NUMBERS = 20
# Filtered in a week: at least so many, and so large a share of all.
MANY_FILTERED, SHARE_FILTERED = 5, 0.02
PLACE = "/surveys/sending/"

SENTENCES = {
    WarningKind.LIMIT: gettext_noop("A limit of %(centre)s is reached. Texts that wait: %(number)s."),
    WarningKind.PUMPING: gettext_noop(
        "Clients of %(centre)s in one day with numbers of countries that it does not text: %(number)s. "
        "Look at what was imported."
    ),
    WarningKind.FILTERED: gettext_noop(
        "Texts that carriers filtered in a week: %(number)s. Their words have to change."
    ),
    WarningKind.RESTING: gettext_noop("The text service refuses every text, so sending rests. Look at its account."),
}
REFUSED_FOR_COUNTRY = gettext_noop(
    "Texts that the text service refused for their country, or because it suspects that somebody makes us text: "
    "%(number)s."
)


@dataclass(frozen=True, slots=True)
class Found:
    kind: WarningKind
    number: int
    centre: Organisation | None = None
    sentence: str = ""


def watch_sending(*, now: datetime) -> int:
    """Look at what waits and what was refused; each thing is told once a day. Returns how many were told."""
    found = (*_limits(now), *_foreign_numbers(now), *_refused_for_country(now), *_filtered(now), *_resting())
    return sum(_tell(each, now=now) for each in found)


def _limits(now: datetime) -> Iterable[Found]:
    waiting = Message.objects.filter(state=MessageState.QUEUED, not_before__gt=now, error_code__in=list(Limit))
    return _by_centre(WarningKind.LIMIT, waiting.values_list("conversation__case__centre").annotate(Count("pk")))


def _foreign_numbers(now: datetime) -> Iterable[Found]:
    new = Conversation.objects.filter(staff_reason=StaffReason.COUNTRY, invited_at__gt=now - DAY)
    many = new.values_list("case__centre").annotate(number=Count("pk")).filter(number__gte=MANY_NUMBERS)
    return _by_centre(WarningKind.PUMPING, many)


def _by_centre(kind: WarningKind, counted: Iterable[tuple[int, int]]) -> Iterable[Found]:
    numbers = dict(counted)
    for settings in CentreSettings.objects.filter(centre__in=numbers).select_related("centre").order_by("centre"):
        yield Found(kind, numbers[settings.centre_id], settings.centre)


def _refused_for_country(now: datetime) -> Iterable[Found]:
    number = _with_code("21408", "30450", since=now - DAY)
    return [Found(WarningKind.PUMPING, number, sentence=REFUSED_FOR_COUNTRY)] if number else []


def _filtered(now: datetime) -> Iterable[Found]:
    number = _with_code("30007", since=now - WEEK)
    if number < MANY_FILTERED:
        return []
    days = TextCount.objects.filter(country=ALL_COUNTRIES, day__gt=timezone.localdate(now - WEEK))
    sent = days.aggregate(all=Sum("texts"))["all"] or 0
    return [Found(WarningKind.FILTERED, number)] if number >= sent * SHARE_FILTERED else []


def _with_code(*codes: str, since: datetime) -> int:
    """What waits to be tried again counts too. The condition of the index stands there so that it is used."""
    lately = Q(handed_at__gt=since) | Q(handed_at=None)
    return Message.objects.filter(lately, error_code__in=WATCHED_CODES).filter(error_code__in=codes).count()


def _resting() -> Iterable[Found]:
    number = Sender.objects.exclude(rests_until=None).count()
    return [Found(WarningKind.RESTING, number)] if number else []


@transaction.atomic
def _tell(found: Found, *, now: datetime) -> bool:
    centre = found.centre
    day = today_there(centre.settings, now) if centre else timezone.localdate(now)
    _row, created = SendingWarning.objects.get_or_create(
        kind=found.kind, centre=centre, day=day, defaults={"number": found.number, "at": now}
    )
    if created:
        params = {"number": found.number} | ({"centre": centre.name} if centre else {})
        sentence = found.sentence or SENTENCES[found.kind]
        notify(users=_people(centre), text=sentence, params=params, url=PLACE, now=now)
    return created


def _people(centre: Organisation | None) -> list[User]:
    """Its managers and operators; of the provider's matters the operators alone, each once."""
    if centre is None:
        return list(User.objects.filter(is_active=True, grants__role=Role.OPERATOR).distinct())
    people = [*people_with(Role.MANAGER, centre), *people_with(Role.OPERATOR, centre)]
    return list({user.pk: user for user in people}.values())
