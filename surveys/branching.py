"""Which questions are asked, given the mode and the answers so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from surveys.enums import QuestionKind

UNKNOWN = "unknown"

# Questions whose answers the service acts on, whatever else a questionnaire asks.
RATING = "q1"
MONEY = "q6"
WHO_ASKED = "q6who"
OUTCOME_KNOWN = "q7"
CONCERN = "q8"
MAY_CALL = "q10"

# What is answered to these is for those alone who see to the sealed matter.
SEALED = frozenset({MONEY, WHO_ASKED})


@dataclass(frozen=True, slots=True)
class Condition:
    question: str
    any_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class SheetChoice:
    id: int
    value: str
    text_zh: str
    text_en: str
    text_further: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """`modes` empty: every mode. `shown_when` empty: always; else any one of the conditions."""

    id: int
    code: str
    kind: str
    text_zh: str
    text_en: str
    hint_zh: str = ""
    hint_en: str = ""
    text_further: Mapping[str, str] = field(default_factory=dict)
    hint_further: Mapping[str, str] = field(default_factory=dict)
    by_text: bool = False
    modes: frozenset[str] = frozenset()
    shown_when: tuple[Condition, ...] = ()
    choices: tuple[SheetChoice, ...] = ()

    def choice(self, value: str) -> SheetChoice | None:
        return next((choice for choice in self.choices if choice.value == value), None)

    def asked_by(self, mode: str) -> bool:
        return not self.modes or mode in self.modes

    @property
    def takes_text(self) -> bool:
        return self.kind in (QuestionKind.TEXT, QuestionKind.CALL_BACK)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A published questionnaire as the rules see it."""

    questionnaire_id: int
    key: str
    version: int
    questions: tuple[SheetQuestion, ...]
    # Beside Chinese and English; and its own texts to telephones, by name and language.
    languages: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def question(self, code: str) -> SheetQuestion | None:
        return next((question for question in self.questions if question.code == code), None)

    @property
    def by_text(self) -> SheetQuestion | None:
        """The one question that a text message can carry."""
        return next((question for question in self.questions if question.by_text), None)


def shown(questions: Iterable[SheetQuestion], *, mode: str, answers: Mapping[str, str]) -> tuple[SheetQuestion, ...]:
    """Questions of the mode whose condition holds. `answers` maps codes to chosen values.

    A question that is itself not shown does not open others, whatever was once answered to it.
    """
    visible: list[SheetQuestion] = []
    in_force: dict[str, str] = {}
    for question in questions:
        if not question.asked_by(mode):
            continue
        if not _holds(question.shown_when, in_force):
            continue
        visible.append(question)
        if question.code in answers:
            in_force[question.code] = answers[question.code]
    return tuple(visible)


def telling_of_sealed(questions: Iterable[SheetQuestion], answers: Mapping[str, str]) -> frozenset[str]:
    """Codes of which nobody may see an answer, nor that they were asked, who is not to know what is sealed.

    The sealed questions, and each that nothing but an answer to them opened: that somebody was asked it tells what they
    had answered. What is sealed in `answers` makes no difference to what this returns. With no answers: every question
    that could tell of one.
    """
    telling, in_force = set(SEALED), dict[str, str]()
    for question in questions:
        if question.code in SEALED:
            continue
        if _holds(question.shown_when, in_force):
            in_force |= {code: answers[code] for code in [question.code] if code in answers}
        elif any(condition.question in telling for condition in question.shown_when):
            telling.add(question.code)
    return frozenset(telling)


def told_totals(questions: Sequence[SheetQuestion], *, mode: str, answers: Mapping[str, str]) -> tuple[int, ...]:
    """Of how many questions each of the path is told to be one, as whoever answers comes to it.

    An answer that opens several more would set the bar back: then they are added little by little, so that the share of
    what is done never shrinks. The last one is told the true number.
    """
    path = shown(questions, mode=mode, answers=answers)
    totals: list[int] = []
    before: dict[str, str] = {}
    for number, question in enumerate(path, start=1):
        length = len(shown(questions, mode=mode, answers=before))
        totals.append(min(length, number * totals[-1] // (number - 1)) if totals else length)
        if question.code in answers:
            before[question.code] = answers[question.code]
    return tuple(totals)


def first_unanswered(questions: Sequence[SheetQuestion], answers: Mapping[str, str]) -> SheetQuestion | None:
    return next((question for question in questions if question.code not in answers), None)


def _holds(conditions: tuple[Condition, ...], answers: Mapping[str, str]) -> bool:
    return not conditions or any(answers.get(condition.question) in condition.any_of for condition in conditions)
