"""The response funnel: rows counted by the facts they share, each group placed by the pure rules."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from qa_service.accounts.models import User
from qa_service.common.plainly import uncompiled
from surveys.enums import Answerer, ConversationState, Direction, MessageKind, MessageState, Mode
from surveys.figures.funnel import (
    CHANNELS,
    MET,
    MODES,
    Facts,
    Funnel,
    Loss,
    Place,
    Reach,
    Step,
    Way,
    funnel,
    reach,
    tally,
)
from surveys.models import Contact, Conversation, Message
from surveys.queries.due import asked_lately
from surveys.queries.figures.scope import EVERYTHING, Choice, cases_without_followup, drawn_without_followup, followups

OWN = Q(response__finished_at__isnull=False) & ~Q(response__answerer=Answerer.OTHER)
OTHER = Q(response__finished_at__isnull=False, response__answerer=Answerer.OTHER)
CONTACTS = Contact.objects.attempts().filter(conversation=OuterRef("pk"))
REPLIES = Message.objects.filter(conversation=OuterRef("pk"), direction=Direction.IN)
# Of rows with their invitation; as the pure rules have it of `Facts` through all ways.
ARRIVED = (
    Q(response__isnull=False)
    | Q(first_opened_at__isnull=False)
    | Q(invited__state=MessageState.DELIVERED)
    | Q(Exists(CONTACTS.filter(outcome__in=MET)))
    | Q(Exists(REPLIES))
)
REFUSED = Q(state=ConversationState.STOPPED) & ARRIVED & ~Q(response__finished_at__isnull=False)
REACH = {
    "begun": Count("pk"),
    "arrived": Count("pk", filter=ARRIVED),
    "answered": Count("pk", filter=OWN),
    "refused": Count("pk", filter=REFUSED),
}
EACH_WAY = tuple(way for way in Way if way is not Way.ALL)
FACTS = tuple(field.name for field in fields(Facts))
# The columns and annotations behind them, in the order of `Facts`.
COLUMNS = tuple({"mode": "response__mode"}.get(name, name) for name in FACTS)


@dataclass(frozen=True, slots=True)
class ResponseFunnel:
    """`whole` is one line through all ways, from the closed cases on; `ways` each by itself; as of `as_of`."""

    as_of: datetime
    whole: Funnel
    ways: tuple[Funnel, ...]
    reach: Reach


def response_funnel(
    *, user: User, choice: Choice = EVERYTHING, ways: tuple[Way, ...] = EACH_WAY, now: datetime
) -> ResponseFunnel:
    """Three queries, and one for each way of the staff, at any size."""
    rows = followups(user, choice)
    with uncompiled():
        everybody = grouped(rows, Way.ALL)
        begun = tally(everybody, Way.ALL)
        # Whom a text could go to is everybody, and what is asked of them the same.
        by_way = {
            way: tally(everybody if way is Way.TEXT else grouped(rows, way), way) for way in ways if way is not Way.ALL
        }
        waiting = unasked(user, choice, now=now)
    return ResponseFunnel(
        as_of=now,
        whole=funnel(Way.ALL, begun + waiting),
        ways=tuple(funnel(way, places) for way, places in by_way.items()),
        reach=reach(begun),
    )


def reach_beside(*, user: User, choice: Choice = EVERYTHING) -> Reach:
    """What stands beside a mean; one query."""
    with uncompiled():
        return reach_of(followups(user, choice))


def reach_of(rows: QuerySet[Conversation]) -> Reach:
    """The same of any rows; one query."""
    return Reach(**with_invitation(rows).aggregate(**REACH))


def grouped(rows: QuerySet[Conversation], way: Way) -> list[tuple[Facts, int]]:
    """One query: as many groups as there are different facts, however many rows."""
    counted = with_facts(rows, way).order_by().values_list(*COLUMNS).annotate(n=Count("pk"))
    return [(Facts(*row[:-1]), row[-1]) for row in counted]


def unasked(user: User, choice: Choice, *, now: datetime) -> Counter[Place]:
    """Closed cases without a follow-up, and clients drawn beside one who was asked, by why; two queries."""
    found: Counter[Place] = Counter()
    for rows in (
        with_why_unasked(cases_without_followup(user, choice), now=now),
        with_why_unasked(drawn_without_followup(user, choice), case="case__", now=now),
    ):
        for why, n in rows.order_by().values_list("why").annotate(n=Count("pk")):
            found[Place(Step.CLOSED, Loss(why))] += n
    return found


def with_why_unasked(rows: QuerySet[Any], *, case: str = "", now: datetime) -> QuerySet[Any]:
    """`case` is the path from the rows to their case; `client` is on the rows themselves."""
    found: QuerySet[Any] = rows.annotate(
        why=Case(
            When(**{f"{case}survey_released_at": None}, then=Value(Loss.NOT_RELEASED.value)),
            When(asked_lately("client", now=now), then=Value(Loss.ANOTHER_CASE.value)),
            default=Value(Loss.NOT_YET.value),
        )
    )
    return found


def with_facts(rows: QuerySet[Conversation], way: Way) -> QuerySet[Any]:
    """The rows that were to be asked by this way, with what `Facts` asks of each."""
    contacts = CONTACTS
    rows = with_invitation(rows)
    if way in CHANNELS:
        contacts = contacts.filter(channel=CHANNELS[way])
        rows = rows.filter(Q(channel=CHANNELS[way]) | Exists(contacts) | _answered_by(way))
    return rows.annotate(
        invitation=F("invited__state"),
        wrote=Exists(REPLIES),
        opened=whether(Q(first_opened_at__isnull=False)),
        sent_out=whether(Q(sent_out_at__isnull=False)),
        last=Subquery(contacts.order_by("-at", "-pk").values("outcome")[:1]),
        met=Exists(contacts.filter(outcome__in=MET)),
        own=whether(OWN),
        other=whether(OTHER),
        barrier=F("recipient__contact_plan__reason"),
        has_number=whether(~Q(phone_index="")),
        texting=F("case__centre__settings__sms_enabled"),
    )


def with_invitation(rows: QuerySet[Conversation]) -> QuerySet[Any]:
    """The rows, each with its one invitation as `invited` where it has one."""
    ours = Q(messages__direction=Direction.OUT, messages__kind=MessageKind.INVITATION, messages__step=0)
    return rows.annotate(invited=FilteredRelation("messages", condition=ours))


def _answered_by(way: Way) -> Q:
    """As `surveys.figures.funnel.answered_by`, for rows that nothing else puts on the way."""
    keyed_in = Q(response__mode__in=[mode for mode in MODES[way] if mode is not Mode.WEB])
    typed_code = Q(response__mode=Mode.WEB, invited__isnull=True)
    return (keyed_in | typed_code if Mode.WEB in MODES[way] else keyed_in) & Q(response__finished_at__isnull=False)


def whether(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())
