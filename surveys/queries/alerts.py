"""What clients raised that a person must see to."""

import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import NotFound
from surveys.branching import MONEY
from surveys.conversation import staff_matter
from surveys.enums import AlertKind, AlertState, Direction, StaffReason
from surveys.models import Alert, Conversation, Message
from surveys.models.questionnaires import in_language
from surveys.queries.forms import answers_of, response_of
from surveys.queries.sheets import sheet_asked


class AlertUnknown(NotFound):
    code = "alert_unknown"


def open_alerts(user: User) -> QuerySet[Alert]:
    """Not yet closed and visible to the user: danger first, then the nearest clock."""
    return (
        Alert.objects.visible_to(user)
        .exclude(state=AlertState.CLOSED)
        .select_related("case", "conversation__recipient", "acknowledged_by")
        .order_by(
            models.Case(models.When(kind=AlertKind.DANGER, then=0), default=1),
            F("acknowledge_by").asc(nulls_first=True),
            "raised_at",
            "pk",
        )
    )


def alert_of(*, user: User, public_id: uuid.UUID) -> Alert:
    """:raises AlertUnknown: none, or sealed from the user."""
    found = (
        Alert.objects.visible_to(user)
        .select_related(
            "case", "conversation__recipient__contact_plan", "conversation__questionnaire", "conversation__response"
        )
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise AlertUnknown(_("There is no such matter."))
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """One question with what the client answered."""

    question: str
    answer: str
    text: str

    def __repr__(self) -> str:
        return "Said(…)"


def texts_from_client(conversation: Conversation, *, sealed: bool = False) -> list[Message]:
    """What the client wrote by text, oldest first; what speaks of money only where `sealed` matters may be read."""
    texts = conversation.messages.filter(direction=Direction.IN).order_by("created_at", "pk")
    return [text for text in texts if sealed or staff_matter(text.body) is not StaffReason.MONEY]


def what_was_said(alert: Alert) -> tuple[Said, ...]:
    """The answers as given. The money question is read only where the matter itself is about money."""
    answers = answers_of(response_of(alert.conversation))
    said = []
    for item in sheet_asked(alert.conversation).questions:
        given = answers.get(item.code)
        if given is None or (item.code == MONEY and alert.kind != AlertKind.MONEY):
            continue
        choice = item.choice(given.value)
        shown = in_language(chinese=choice.text_zh, english=choice.text_en) if choice else ""
        if shown or given.text:
            question = in_language(chinese=item.text_zh, english=item.text_en)
            said.append(Said(question=question, answer=shown, text=given.text))
    return tuple(said)
