"""Who is one person to ask: in whatever cases and centres, and whoever else is reached on the same telephone.

A telephone is the person's own, and the guardian's where the guardian alone is spoken with.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import NEEDS_PRIVACY
from surveys.models import Conversation

# Of whom another centre knows this, nobody is contacted who does not know it.
HELD = (ContactReason.DECEASED, *sorted(NEEDS_PRIVACY))


def reached_on(client: str) -> Case:
    """The index of the number on which the person behind the path `client` is rung: `Client.reached_on`."""
    plan = f"{client}__contact_plan__"
    return Case(When(_guardian_alone(plan), then=F(f"{plan}guardian_index")), default=F(f"{client}__phone_index"))


def _guardian_alone(plan: str) -> Q:
    return Q(**{f"{plan}guardian_only": True, f"{plan}guardian_index__gt": ""})


# On conversations: the guardian's number where the guardian alone is spoken with, else nothing.
GUARDIAN_RUNG = Case(
    When(_guardian_alone("recipient__contact_plan__"), then=F("recipient__contact_plan__guardian_index")),
    default=Value(""),
)


def wards_of(numbers: Collection[str]) -> QuerySet[ContactPlan]:
    """Plans of those of whom alone the guardian is spoken with, on one of these numbers."""
    # The last condition is the index's own.
    return ContactPlan.objects.filter(guardian_only=True, guardian_index__in=numbers).exclude(guardian_index="")


def same_person(client: Client) -> Q:
    """A condition on clients: this one, and everybody reached on one of their telephones."""
    # By keys, each read from its own index: an "or" over two tables reads both whole.
    known = Client.objects.filter(phone_index__in=client.numbers).values("pk")
    return Q(pk=client.pk) | Q(pk__in=known.union(wards_of(client.numbers).values("client")))


@dataclass(frozen=True, slots=True)
class Closed:
    """Which ways to one person are closed by what another centre entered."""

    text: bool = False
    phone: bool = False
    visit: bool = False
    letter: bool = False


ALL_OPEN = Closed()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What centres entered of the people with some numbers: number, name, whose entry, and what it closes."""

    entries: tuple[tuple[str, str, int, Closed], ...] = ()

    def of(self, client: Client) -> Closed:
        """What entries but the client's own close."""
        person = client.phone_index, client.name_index
        theirs = [closed for *who, key, closed in self.entries if (*who,) == person and key != client.pk]
        return Closed(
            text=any(each.text for each in theirs),
            phone=any(each.phone for each in theirs),
            visit=any(each.visit for each in theirs),
            letter=any(each.letter for each in theirs),
        )


def closed_elsewhere(numbers: Collection[str]) -> Elsewhere:
    """Ways that a centre closed to whoever has one of these numbers: those it never uses, and all to whoever has died
    or must be spoken with where nobody near them hears of it, which others do not know how to do.

    Who is equal in number and name is that person, at whatever centre. Which one said so, or that one did, nobody is
    told: it is asked when they are to be contacted, and nothing is written of it. One query.
    """
    known = [number for number in numbers if number]
    if not known:
        return Elsewhere()
    held = Q(phone_allowed=False) | Q(visit_allowed=False) | Q(letter_allowed=False) | Q(reason__in=HELD)
    plans = ContactPlan.objects.filter(held, client__phone_index__in=known)
    rows = plans.values_list(
        "client__phone_index", "client__name_index", "client", "reason", "phone_allowed", "visit_allowed",
        "letter_allowed",
    )  # fmt: skip
    return Elsewhere(
        tuple(
            (number, name, key, Closed(reason in HELD, *(reason in HELD or not way for way in ways)))
            for number, name, key, reason, *ways in rows
        )
    )


def closed_to(client: Client) -> Closed:
    """The same of one person."""
    return closed_elsewhere([client.phone_index]).of(client)


def with_people(clients: Iterable[int | None], numbers: Collection[str]) -> Q:
    """A condition on conversations: with one of these people, or with somebody reached on one of these numbers."""
    rows = Conversation.objects.order_by()
    theirs = rows.filter(recipient__in=[pk for pk in clients if pk is not None]).values("pk")
    wards = rows.filter(recipient__in=wards_of(numbers).values("client")).values("pk")
    return Q(pk__in=theirs.union(rows.filter(phone_index__in=numbers).values("pk"), wards))


def met(conversations: QuerySet[Conversation], client: str) -> Q:
    """A condition on rows: one of these conversations is with the person behind the path `client`."""
    return _one_of(conversations, _ways(client))


def named_by(rows: QuerySet[Any], client: str) -> Q:
    """A condition on rows: one of these others, each of which has a `client`, names the person behind the path."""
    return _one_of(rows, _ways(client, whom="client", number="client__phone_index"))


def _one_of(rows: QuerySet[Any], ways: Iterable[Q]) -> Q:
    # One question of five parts, each by its own index: of five questions the planner would think that hardly a row
    # is left, and join what follows row by row.
    first, *others = (rows.order_by().filter(theirs).values("pk") for theirs in ways)
    return Q(Exists(first.union(*others, all=True)))


def last_met(conversations: QuerySet[Conversation], client: str, *, since: datetime) -> list[Coalesce]:
    """When the latest of them began, by each way in which a person is known; `since` where there is none."""
    moments = conversations.order_by("-invited_at").values("invited_at")
    return [Coalesce(Subquery(moments.filter(theirs)[:1]), Value(since)) for theirs in _ways(client)]


def _ways(client: str, *, whom: str = "recipient", number: str = "phone_index") -> list[Q]:
    """Conditions, each of which says by itself that a row is about the person: on conversations, or on whatever else
    tells by `whom` who it is and by `number` the telephone of its own.
    """
    plan = f"{client}__contact_plan__"
    own = OuterRef(f"{client}__phone_index")
    guardian, alone = OuterRef(f"{plan}guardian_index"), Q(Exact(OuterRef(f"{plan}guardian_only"), Value(True)))
    known, through = Q(**{f"{number}__gt": ""}), _guardian_alone(f"{whom}__contact_plan__")
    return [
        Q(**{whom: OuterRef(client)}),
        known & Q(**{number: own}),
        through & Q(**{f"{whom}__contact_plan__guardian_index": own}),
        alone & known & Q(**{number: guardian}),
        alone & through & Q(**{f"{whom}__contact_plan__guardian_index": guardian}),
    ]
