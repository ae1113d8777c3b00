"""A form at the moment of an answer: under the lock of its conversation, and as it is then."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Q, Value
from django.db.models.expressions import Expression, RawSQL

from surveys.enums import Audience
from surveys.models import Conversation, Response
from surveys.queries.forms import conversation_by_key, kept_as, response_of


@dataclass(frozen=True, slots=True)
class Underway:
    """A conversation under its lock, its response, and what was chosen so far, by question."""

    conversation: Conversation
    response: Response | None
    values: dict[str, str]


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
            unchanged=_unchanged(),
        )
    )
    if not rows:
        return _asked_anew(conversation_by_key(key, lock=True))
    if not rows[0].unchanged:
        return _asked_anew(rows[0])
    return Underway(rows[0], response_of(rows[0]), _values(rows))


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
            answered=F("answers__question__code"), chosen=F("answers__choice__value")
        )
    )
    return Underway(conversation, next(iter(rows), None), _values(rows))


def _values(rows: list[Any]) -> dict[str, str]:
    return {row.answered: row.chosen or "" for row in rows if row.answered is not None}
