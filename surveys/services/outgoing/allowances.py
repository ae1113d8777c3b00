"""Counting what a centre sends, and holding back what is above its limits (surveys.limits)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from qa_service.common import phones
from qa_service.organisations.models import CentreSettings
from surveys.enums import MessageKind, MessageState
from surveys.limits import Allowed, Counted, Limit, admitted, first_day_after, room
from surveys.models import Message, TextCount
from surveys.models.sending import ALL_COUNTRIES
from surveys.queries.text_counts import allowed_by, text_counts, today_there
from surveys.services.outgoing.claims import held

# A number of no country: no dialling code has it.
NO_COUNTRY = 999
SWEEP = 500


@transaction.atomic
def admit(messages: Sequence[Message], *, now: datetime) -> Mapping[int, Limit]:
    """Count those that may go, in the order given. Returns what holds back the others, by key.

    Whoever counts texts of a centre waits for the others who do: of two workers none sends the one text too many.
    """
    verdicts: dict[int, Limit] = {}
    for day, centres in _by_day(messages, now=now).items():
        _lock(centres, day=day)
        counts = text_counts(centres, day=day)
        for centre_id, own in centres.items():
            texts = [(_country(message), message.kind == MessageKind.STOPPED) for message in own]
            limits = admitted(texts, allowed=allowed_by(_settings(own[0])), counted=counts[centre_id])
            verdicts |= {message.pk: limit for message, limit in zip(own, limits, strict=True) if limit is not None}
        _write(counts, day=day)
    return verdicts


@transaction.atomic
def uncount(messages: Collection[Message], *, now: datetime) -> None:
    """Of texts counted at this very moment that did not leave after all."""
    for day, centres in _by_day(messages, now=now).items():
        _lock(centres, day=day)
        for centre_id, own in centres.items():
            each: dict[int, int] = defaultdict(int)
            for message in own:
                each[_country(message)] += 1
            each[ALL_COUNTRIES] = len(own)
            for country, texts in each.items():
                rows = TextCount.objects.filter(centre=centre_id, day=day, country=country)
                rows.update(texts=F("texts") - texts)


def hold_back(messages: Iterable[Message], limits: Mapping[int, Limit], *, now: datetime) -> None:
    """Into the outbox again, with the reason, until the limit begins anew. Nothing was sent."""
    for message in messages:
        settings, limit = _settings(message), limits[message.pk]
        until = first_day_after(limit, today=today_there(settings, now))
        held(message).update(
            state=MessageState.QUEUED,
            not_before=datetime.combine(until, time.min, tzinfo=ZoneInfo(settings.time_zone)),
            error_code=limit,
            lease_until=None,
            handed_at=None,
            tries=F("tries") - 1,
        )


def resume_held(*, now: datetime) -> int:
    """Bring forward what a limit held back where there is room by now: it was raised, or a text did not leave.

    Returns the number of texts. They are counted when they go, so that too many at once do no harm.
    """
    waiting = Message.objects.filter(state=MessageState.QUEUED, not_before__gt=now, error_code__in=list(Limit))
    centres = set(waiting.values_list("conversation__case__centre", flat=True).order_by())
    brought = 0
    for settings in CentreSettings.objects.filter(centre__in=centres):
        counted = text_counts([settings.centre_id], day=today_there(settings, now))[settings.centre_id]
        allowed = allowed_by(settings)
        codes = [Limit.DAY, Limit.MONTH]
        if _room_in_a_country(allowed, counted):
            codes += [Limit.COUNTRY_DAY, Limit.COUNTRY_MONTH]
        of_centre = waiting.filter(conversation__case__centre=settings.centre_id, error_code__in=codes)
        first = of_centre.order_by("not_before", "pk").values_list("pk", flat=True)[
            : min(room(allowed, counted), SWEEP)
        ]
        brought += Message.objects.filter(pk__in=list(first)).update(not_before=now, error_code="")
    return brought


def _room_in_a_country(allowed: Allowed, counted: Counted) -> bool:
    """Which country a text goes to is not known without reading its number."""
    return any(
        counted.day.get(code, 0) < (limit.a_day or 0) and counted.month.get(code, 0) < (limit.a_month or 0)
        for code, limit in allowed.countries.items()
        if limit.a_day is not None
    )


def _by_day(messages: Iterable[Message], *, now: datetime) -> Mapping[date, Mapping[int, list[Message]]]:
    """By the day it is where the centre is, then by centre."""
    found: dict[date, dict[int, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for message in messages:
        settings = _settings(message)
        found[today_there(settings, now)][settings.centre_id].append(message)
    return found


def _settings(message: Message) -> CentreSettings:
    assert message.conversation is not None  # noqa: S101 - else it was not cleared
    settings: CentreSettings = message.conversation.case.centre.settings
    return settings


def _country(message: Message) -> int:
    return phones.country_code(message.phone) or NO_COUNTRY


def _lock(centres: Collection[int], *, day: date) -> None:
    whole = TextCount.objects.filter(centre__in=centres, day=day, country=ALL_COUNTRIES).order_by("centre")
    locked = set(whole.select_for_update().values_list("centre_id", flat=True))
    if missing := set(centres) - locked:
        rows = [TextCount(centre_id=centre, day=day, country=ALL_COUNTRIES) for centre in sorted(missing)]
        TextCount.objects.bulk_create(rows, ignore_conflicts=True)
        list(whole.select_for_update().values_list("pk", flat=True))


def _write(counts: Mapping[int, Counted], *, day: date) -> None:
    rows = [
        TextCount(centre_id=centre, day=day, country=country, texts=texts)
        for centre, counted in counts.items()
        for country, texts in (*counted.day.items(), (ALL_COUNTRIES, sum(counted.day.values())))
    ]
    TextCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["centre", "day", "country"], update_fields=["texts"]
    )
