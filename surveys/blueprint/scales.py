"""Ready sets of answers, so that the same question is answered alike everywhere (domain.md 4.6)."""

from dataclasses import dataclass
from enum import StrEnum

from surveys.blueprint.parts import ChoicePlan, QuestionPlan
from surveys.branching import UNKNOWN
from surveys.enums import QuestionKind
from surveys.languages import CHINESE, ENGLISH


class Scale(StrEnum):
    SATISFACTION = "satisfaction"
    QUALITY = "quality"
    YES_NO = "yes_no"
    YES_PARTLY_NO = "yes_partly_no"
    FREQUENCY = "frequency"
    CHOICE = "choice"
    CALL_BACK = "call_back"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ReadyAnswers:
    """`choices` empty: the editor writes them."""

    kind: QuestionKind
    choices: tuple[ChoicePlan, ...] = ()


def _answers(*rows: tuple[str, str, str]) -> tuple[ChoicePlan, ...]:
    return tuple(ChoicePlan(value, {CHINESE: chinese, ENGLISH: english}) for value, chinese, english in rows)


_NO_WORD = (UNKNOWN, "不记得了／不想回答", "I don't remember / I'd rather not say")

SCALES: dict[Scale, ReadyAnswers] = {
    Scale.SATISFACTION: ReadyAnswers(
        QuestionKind.SCALE,
        _answers(
            ("5", "非常满意", "Very satisfied"),
            ("4", "满意", "Satisfied"),
            ("3", "基本满意", "Fairly satisfied"),
            ("2", "不满意", "Dissatisfied"),
            ("1", "非常不满意", "Very dissatisfied"),
            _NO_WORD,
        ),
    ),
    Scale.QUALITY: ReadyAnswers(
        QuestionKind.SCALE,
        _answers(
            ("5", "很好", "Very good"),
            ("4", "好", "Good"),
            ("3", "一般", "Fair"),
            ("2", "较差", "Poor"),
            ("1", "很差", "Very poor"),
            (UNKNOWN, "不了解", "Don't know"),
        ),
    ),
    Scale.YES_NO: ReadyAnswers(QuestionKind.CHOICE, _answers(("yes", "是", "Yes"), ("no", "否", "No"), _NO_WORD)),
    Scale.YES_PARTLY_NO: ReadyAnswers(
        QuestionKind.CHOICE,
        _answers(("yes", "是", "Yes"), ("partly", "部分是", "Partly"), ("no", "否", "No"), _NO_WORD),
    ),
    Scale.FREQUENCY: ReadyAnswers(
        QuestionKind.CHOICE,
        _answers(
            ("always", "每次都是", "Always"),
            ("sometimes", "有时", "Sometimes"),
            ("never", "从来没有", "Never"),
            _NO_WORD,
        ),
    ),
    Scale.CHOICE: ReadyAnswers(QuestionKind.CHOICE),
    Scale.CALL_BACK: ReadyAnswers(
        QuestionKind.CALL_BACK, _answers(("yes", "可以", "Yes"), ("no", "不用了", "No"), _NO_WORD)
    ),
    Scale.TEXT: ReadyAnswers(QuestionKind.TEXT),
}


def scale_of(question: QuestionPlan) -> Scale:
    """The set whose values the question has, in their order; wording is the editor's own."""
    if question.kind == QuestionKind.SCALE:
        good = question.choices[0].texts if question.choices else {}
        quality = SCALES[Scale.QUALITY].choices[0].texts
        return Scale.QUALITY if good.get(CHINESE) == quality[CHINESE] else Scale.SATISFACTION
    for scale, ready in SCALES.items():
        same = tuple(choice.value for choice in ready.choices) == question.values
        if ready.kind == question.kind and (same or question.kind != QuestionKind.CHOICE):
            return scale
    return Scale.CHOICE
