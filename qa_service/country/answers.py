"""What clients of an invented country answered, as a finished web form leaves it, and what it weighs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self
from uuid import uuid4

from django.db.models import Model

from qa_service.country.copying import Table
from scoring.calculation import Rules, stored, voice_derivation, weigh_voice
from scoring.evidence import ClientAnswer
from scoring.models import CaseVoice, Scheme
from scoring.queries.evidence import SERVICE_QUESTIONS
from surveys.enums import Channel, ConversationState, Mode, Publication
from surveys.models import Answer, Choice, Conversation, Questionnaire, Response
from surveys.models.conversations import CLOSING_WAVE

QUESTIONNAIRE = "client-closing"
OPEN_FOR, TAKEN_FOR = timedelta(days=21), timedelta(days=60)
RATINGS = ("5", "4", "3", "2", "1")
RATED = (50, 30, 14, 4, 2)
UNHAPPY = 2
# Best first, as of each question of the form.
WORDS = {
    "q2": ("always", "sometimes", "never"),
    "q3": ("yes", "partly", "no"),
    "q4": ("always", "sometimes", "never"),
    "q5": ("yes", "no", "not_applicable"),
    "q7": ("yes", "partly", "no"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One client's answers by question."""

    asked: datetime
    at: datetime
    values: dict[str, str]

    @classmethod
    def drawn(cls, chance: random.Random, *, asked: datetime, at: datetime) -> Self:
        rating = chance.choices(RATINGS, RATED)[0]
        values = {"q1": rating} | {code: chance.choices(words, (8, 2, 1))[0] for code, words in WORDS.items()}
        return cls(asked, at, values | ({"q8": "service"} if int(rating) <= UNHAPPY else {}))

    @property
    def answer(self) -> ClientAnswer:
        service = tuple((code, self.values[code]) for code in SERVICE_QUESTIONS)
        return ClientAnswer(overall=int(self.values["q1"]), service=service)


class AnswerTables:
    numbered: tuple[type[Model], ...] = (Conversation, Response)

    def __init__(self, scheme: Scheme, rules: Rules, of_the_case: Sequence[str], now: datetime) -> None:
        self.rules = rules
        form = Questionnaire.objects.get(key=QUESTIONNAIRE, state=Publication.PUBLISHED)
        rows = Choice.objects.filter(question__questionnaire=form).values_list(
            "question__code", "value", "question_id", "pk"
        )
        self.choices = {(code, value): (question, choice) for code, value, question, choice in rows}
        made = {"created_at": now, "updated_at": now}
        self.conversations = Table(
            Conversation,
            ["id", "public_id", "case_id", "recipient_id", "phone_index", "invited_at", "first_opened_at",
             "finished_at", "closes_at", "late_until"],
            made | {"wave": CLOSING_WAVE, "questionnaire": form, "state": ConversationState.FINISHED,
                    "channel": Channel.SMS_LINK},
        )  # fmt: skip
        self.responses = Table(
            Response, ["id", "public_id", "conversation_id", "started_at", "finished_at"], made | {"mode": Mode.WEB}
        )
        self.answers = Table(Answer, ["response_id", "question_id", "choice_id", "answered_at"])
        self.voices = Table(
            CaseVoice,
            ["case_id", "response_id", "answered_at", "score", "derivation", "sha256", *of_the_case],
            {"scheme": scheme, "computed_at": now},
        )

    def write(self, heard: Sequence[tuple[int, str, tuple[Any, ...], Said]]) -> None:
        """`heard`: the key of the case, which is its client's too and becomes the conversation's, and what was said."""
        self.conversations.write(
            (pk, uuid4(), pk, pk, phone, said.asked, said.at, said.at, said.asked + OPEN_FOR, said.asked + TAKEN_FOR)
            for pk, phone, _of_it, said in heard
        )
        self.responses.write((pk, uuid4(), pk, said.at, said.at) for pk, _phone, _of_it, said in heard)
        self.answers.write(
            (pk, *self.choices[given], said.at) for pk, _phone, _of_it, said in heard for given in said.values.items()
        )
        self.voices.write(self._voice(pk, of_it, said) for pk, _phone, of_it, said in heard)

    def _voice(self, pk: int, of_it: tuple[Any, ...], said: Said) -> tuple[Any, ...]:
        weighed = weigh_voice(said.answer, self.rules)
        if weighed is None:
            raise ValueError("nothing to weigh")
        derivation = voice_derivation([said.answer], self.rules)
        return (
            pk, pk, said.at, stored(weighed.score), derivation.decode(), sha256(derivation).hexdigest(), *of_it,
        )  # fmt: skip
