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
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from qa_service.accounts.models import User
from qa_service.cases import models as cases
from surveys.enums import Answerer, Direction, MessageKind, Mode
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
from surveys.queries.due import APART
from surveys.queries.figures.scope import EVERYTHING, Choice, cases_without_followup, followups

OWN = Q(response__finished_at__isnull=False) & ~Q(response__answerer=Answerer.OTHER)
OTHER = Q(response__finished_at__isnull=False, response__answerer=Answerer.OTHER)
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
    """Two queries and one a way, at any size."""
    rows = followups(user, choice)
    begun = places(rows, Way.ALL)
    return ResponseFunnel(
        as_of=now,
        whole=funnel(Way.ALL, begun + unasked(user, choice, now=now)),
        ways=tuple(funnel(way, places(rows, way)) for way in ways),
        reach=reach(begun),
    )


def reach_beside(*, user: User, choice: Choice = EVERYTHING) -> Reach:
    """What stands beside a mean; one query."""
    return reach(places(followups(user, choice), Way.ALL))


def reach_of(rows: QuerySet[Conversation]) -> Reach:
    """The same of any rows, for papers that say the same to everybody; one query."""
    return reach(places(rows, Way.ALL))


def places(rows: QuerySet[Conversation], way: Way) -> Counter[Place]:
    """One query: as many groups as there are different facts, however many rows."""
    grouped = with_facts(rows, way).order_by().values_list(*COLUMNS).annotate(n=Count("pk"))
    return tally(((Facts(*row[:-1]), row[-1]) for row in grouped.iterator()), way)


def unasked(user: User, choice: Choice, *, now: datetime) -> Counter[Place]:
    """Closed cases without a follow-up, by why; one query."""
    grouped = with_why_unasked(cases_without_followup(user, choice), now=now)
    counted = grouped.order_by().values_list("why").annotate(n=Count("pk"))
    return Counter({Place(Step.CLOSED, Loss(why)): n for why, n in counted})


def with_why_unasked(rows: QuerySet[cases.Case], *, now: datetime) -> QuerySet[Any]:
    lately = Conversation.objects.filter(invited_at__gt=now - APART)
    same_person = Exists(lately.filter(recipient=OuterRef("client"))) | (
        ~Q(client__phone_index="") & Exists(lately.filter(phone_index=OuterRef("client__phone_index")))
    )
    return rows.annotate(
        why=Case(
            When(survey_released_at=None, then=Value(Loss.NOT_RELEASED.value)),
            When(same_person, then=Value(Loss.ANOTHER_CASE.value)),
            default=Value(Loss.NOT_YET.value),
        )
    )


def with_facts(rows: QuerySet[Conversation], way: Way) -> QuerySet[Any]:
    """The rows that were to be asked by this way, with what `Facts` asks of each."""
    invitation = Message.objects.filter(
        conversation=OuterRef("pk"), direction=Direction.OUT, kind=MessageKind.INVITATION, step=0
    )
    contacts = Contact.objects.filter(conversation=OuterRef("pk"))
    if way in CHANNELS:
        contacts = contacts.filter(channel=CHANNELS[way])
        rows = rows.filter(Q(channel=CHANNELS[way]) | Exists(contacts) | _answered_by(way, invitation))
    return rows.annotate(
        invitation=Subquery(invitation.values("state")[:1]),
        wrote=Exists(Message.objects.filter(conversation=OuterRef("pk"), direction=Direction.IN)),
        opened=_whether(Q(first_opened_at__isnull=False)),
        sent_out=_whether(Q(sent_out_at__isnull=False)),
        last=Subquery(contacts.order_by("-at", "-pk").values("outcome")[:1]),
        met=Exists(contacts.filter(outcome__in=MET)),
        own=_whether(OWN),
        other=_whether(OTHER),
        barrier=F("recipient__contact_plan__reason"),
        has_number=_whether(~Q(phone_index="")),
        texting=F("case__centre__settings__sms_enabled"),
    )


def _answered_by(way: Way, invitation: QuerySet[Message]) -> Q:
    """As `surveys.figures.funnel.answered_by`, for rows that nothing else puts on the way."""
    keyed_in = Q(response__mode__in=[mode for mode in MODES[way] if mode is not Mode.WEB])
    typed_code = Q(response__mode=Mode.WEB) & ~Q(Exists(invitation))
    return (keyed_in | typed_code if Mode.WEB in MODES[way] else keyed_in) & Q(response__finished_at__isnull=False)


def _whether(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())
