"""To whom no text may go because somebody reached on the same telephone told of danger, by text, on a form or aloud."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from surveys.enums import AlertKind, AlertState
from surveys.models import Alert, Conversation
from surveys.queries.persons import GUARDIAN_RUNG, with_people

# The moment of the look was taken before the texts were: a form may have been sent in between.
JUST_TOLD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class InDanger:
    """`told`: conversations in which danger was told of, whatever became of it. `near`: people, and numbers, of whom
    such a matter is open at any centre; `unread`: those whose form told something that no sweep has read yet.
    """

    told: frozenset[int] = frozenset()
    near: frozenset[int | str] = frozenset()
    unread: frozenset[int | str] = frozenset()

    def is_told_in(self, conversation: Conversation) -> bool:
        return conversation.pk in self.told

    def is_near(self, conversation: Conversation) -> bool:
        return not self.near.isdisjoint(_known_by(conversation))

    def may_be_near(self, conversation: Conversation) -> bool:
        return not self.unread.isdisjoint(_known_by(conversation))


def in_danger_among(conversations: Iterable[Conversation], *, now: datetime) -> InDanger:
    """Of those behind these conversations; one query."""
    asked = list(conversations)
    if not asked:
        return InDanger()
    numbers = {known for row in asked for known in _known_by(row) if isinstance(known, str)}
    theirs = with_people([row.recipient_id for row in asked], numbers)
    danger = Alert.objects.order_by().filter(conversation=OuterRef("pk"), kind=AlertKind.DANGER)
    rows = (
        Conversation.objects.with_clients()
        .filter(theirs, Q(Exists(danger)) | Q(matters_due_at__lte=now + JUST_TOLD))
        .annotate(told=Exists(danger), open=Exists(danger.exclude(state=AlertState.CLOSED)))
        .values_list("pk", "told", "open", "matters_due_at", "recipient_id", "phone_index", GUARDIAN_RUNG)
    )
    told: set[int] = set()
    near: set[int | str] = set()
    unread: set[int | str] = set()
    for pk, is_told, is_open, due, *whom in rows:
        told |= {pk} if is_told else set()
        near |= {known for known in whom if known} if is_open else set()
        unread |= {known for known in whom if known} if due is not None else set()
    return InDanger(frozenset(told), frozenset(near), frozenset(unread))


def _known_by(row: Conversation) -> frozenset[int | str]:
    """Who answers one telephone is one person."""
    numbers = row.recipient.numbers if row.recipient else frozenset[str]()
    own: set[int | str] = {row.recipient_id or 0, row.phone_index, *numbers}
    return frozenset(own - {0, ""})
