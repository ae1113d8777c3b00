"""What was done to get answers, at the prices of each centre."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from qa_service.accounts.models import User
from qa_service.common.plainly import uncompiled
from qa_service.organisations.models import CentreSettings
from surveys.enums import Direction, ErrandOutcome
from surveys.figures.costs import Acts, WayCost, costs
from surveys.figures.funnel import CHANNELS, LEFT_US, Way, way_of_answer
from surveys.models import Contact, Conversation, Message
from surveys.queries.figures.funnel import OWN, whether, with_invitation
from surveys.queries.figures.scope import EVERYTHING, Choice, followups

# One act each by staff; where the price and the minutes of it stand in a centre's settings.
KINDS = {
    Way.TELEPHONE: ("call", "call_cost", "call_minutes"),
    Way.VISIT: ("visit", "visit_cost", "visit_minutes"),
    Way.LETTER: ("letter", "letter_cost", ""),
    Way.PAPER: ("sheet", "paper_cost", ""),
}
# Of letters and forms only the sending costs: what came back was sent before.
SENT = (Way.LETTER, Way.PAPER)


@dataclass(frozen=True, slots=True)
class CostOfAsking:
    as_of: datetime
    currency: str
    ways: tuple[WayCost, ...]


def cost_of_asking(*, user: User, choice: Choice = EVERYTHING, now: datetime) -> CostOfAsking:
    """Five queries at any size."""
    rows = followups(user, choice)
    with uncompiled():
        acts = [*_texts(rows), *_by_staff(rows)]
        return CostOfAsking(as_of=now, currency=settings.SMS_PRICE_CURRENCY, ways=costs(acts, _answered(rows)))


def _texts(rows: QuerySet[Conversation]) -> Iterator[Acts]:
    """What left us is paid for by its parts, delivered or not; a reply by itself."""
    texts = Message.objects.filter(conversation__in=rows)
    parts = texts.filter(direction=Direction.OUT, state__in=LEFT_US).aggregate(n=Sum("segments"))["n"] or 0
    yield Acts(Way.TEXT, "part", parts, settings.SMS_SEGMENT_PRICE)
    yield Acts(Way.TEXT, "reply", texts.filter(direction=Direction.IN).count(), settings.SMS_REPLY_PRICE)


def _by_staff(rows: QuerySet[Conversation]) -> Iterator[Acts]:
    counted = (
        Contact.objects.attempts()
        .filter(conversation__in=rows)
        .order_by()
        .values_list("conversation__case__centre", "channel")
        .annotate(all=Count("pk"), sent=Count("pk", filter=Q(outcome=ErrandOutcome.SENT)))
    )
    ways = {channel.value: way for way, channel in CHANNELS.items()}
    by_staff = [row for row in counted if row[1] in ways]
    prices = CentreSettings.objects.in_bulk({centre for centre, *_rest in by_staff}, field_name="centre_id")
    for centre, channel, every, sent in by_staff:
        way = ways[channel]
        kind, price, minutes = KINDS[way]
        set_up = prices.get(centre)
        yield Acts(
            way=way,
            kind=kind,
            n=sent if way in SENT else every,
            price=getattr(set_up, price, None),
            minutes=getattr(set_up, minutes, None) if minutes else 0,
        )


def _answered(rows: QuerySet[Conversation]) -> Counter[Way]:
    """Answers by the way that brought each."""
    answered = with_invitation(rows).filter(OWN)
    untexted = whether(Q(invited__isnull=True))
    counted = answered.annotate(untexted=untexted).order_by().values_list("response__mode", "untexted")
    found: Counter[Way] = Counter()
    for mode, without_text, n in counted.annotate(n=Count("pk")):
        found[way_of_answer(mode, texted=not without_text)] += n
    return found
