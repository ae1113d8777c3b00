"""A form at the moment of an answer: under the lock of its conversation, and as it is then."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, FilteredRelation, Q, Value
from django.db.models.expressions import Expression, RawSQL

from surveys.enums import Audience
from surveys.models import Conversation, Response
from surveys.queries.forms import Silence, conversation_by_key, kept_as, response_of, silences
from surveys.queries.later import told_in, told_later, values_of


@dataclass(frozen=True, slots=True)
class Underway:
    """A conversation under its lock, its response, and what was chosen so far, by question.

    `later`: what the client told otherwise on the form after they had answered by text.
    """

    conversation: Conversation
    response: Response | None
    values: dict[str, str]
    later: dict[str, tuple[str, str]] = field(default_factory=dict)
    # What was written so far, by question.
    words: dict[str, str] = field(default_factory=dict)
    # None where it is still to be read.
    silence: Silence | None = None

    @property
    def told(self) -> dict[str, str]:
        """As the client sees it now, by which the form asks on."""
        return self.values | values_of(self.later)


def underway(*, key: str) -> Underway:
    """In one statement, and a second where somebody else wrote while the first waited for the lock.

    What the first one read beside the row is of before the wait. Whoever writes an answer writes its conversation too:
    so where the row is still the version that the statement began with, what stands beside it is as it was, too.

    :raises LinkUnknown: as `conversation_by_key`, which also knows the codes of cards.
    """
    column, hashed = kept_as(key)
    rows: list[Any] = list(
        Conversation.objects.select_for_update(of=("self",))
        .filter(Q(**{column: hashed}), audience=Audience.CLIENT)
        .select_related("response")
        .annotate(
            answered=F("response__answers__question__code"),
            chosen=F("response__answers__choice__value"),
            own=FilteredRelation("second_entries", condition=Q(second_entries__entered_by=None)),
            later=F("own__answers"),
            unchanged=_unchanged(),
            written=F("response__answers__text"),
            **silences(),
        )
    )
    if not rows:
        return _asked_anew(conversation_by_key(key, lock=True))
    if not rows[0].unchanged:
        return _asked_anew(rows[0])
    first = rows[0]
    silence = Silence(first.wished, first.died, first.disowned)
    return Underway(first, response_of(first), _values(rows), told_in(first.later), _words(rows), silence)


def _unchanged() -> Expression:
    """Whether the locked row is what it was when the statement began; where one writes at a time it always is."""
    if connection.vendor != "postgresql":
        return Value(value=True)
    return RawSQL(
        "(SELECT begun.xmin FROM surveys_conversation begun WHERE begun.id = surveys_conversation.id)"
        " = surveys_conversation.xmin",
        (),
        output_field=BooleanField(),
    )


def _asked_anew(conversation: Conversation) -> Underway:
    rows: list[Any] = list(
        Response.objects.filter(conversation=conversation).annotate(
            answered=F("answers__question__code"), chosen=F("answers__choice__value"), written=F("answers__text")
        )
    )
    response = next(iter(rows), None)
    return Underway(conversation, response, _values(rows), told_later(response), _words(rows))


def _values(rows: list[Any]) -> dict[str, str]:
    return {row.answered: row.chosen or "" for row in rows if row.answered is not None}


def _words(rows: list[Any]) -> dict[str, str]:
    return {row.answered: row.written for row in rows if row.answered is not None and row.written}
