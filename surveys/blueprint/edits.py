"""What an editor does to a questionnaire: each gives a new one."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from surveys.blueprint.parts import Blueprint, ConditionPlan, QuestionPlan, Texts


class UnknownQuestion(LookupError):  # noqa: N818 - named for the fact
    """No question has this code (any more)."""


def added(blueprint: Blueprint, question: QuestionPlan) -> Blueprint:
    """At the end."""
    return replace(blueprint, questions=(*blueprint.questions, question))


def replaced(blueprint: Blueprint, code: str, question: QuestionPlan) -> Blueprint:
    """In its place; what branched by the old code branches by the new one.

    :raises UnknownQuestion: there is none of this code.
    """
    place = _place(blueprint, code)
    questions = [*blueprint.questions[:place], question, *blueprint.questions[place + 1 :]]
    if question.code != code:
        questions = [_renamed(item, code, question.code) for item in questions]
    return replace(blueprint, questions=tuple(questions))


def without(blueprint: Blueprint, code: str) -> Blueprint:
    """Branches by it stay, and are told as a problem: whoever removes a question decides what becomes of them.

    :raises UnknownQuestion: there is none of this code.
    """
    place = _place(blueprint, code)
    return replace(blueprint, questions=blueprint.questions[:place] + blueprint.questions[place + 1 :])


def moved(blueprint: Blueprint, code: str, *, by: int) -> Blueprint:
    """Up (-1) or down (1); at the end of the way it stays.

    :raises UnknownQuestion: there is none of this code.
    """
    place = _place(blueprint, code)
    questions = list(blueprint.questions)
    question = questions.pop(place)
    questions.insert(max(0, place + by), question)
    return replace(blueprint, questions=tuple(questions))


def with_heading(blueprint: Blueprint, *, titles: Texts, languages: tuple[str, ...]) -> Blueprint:
    return replace(blueprint, titles=titles, languages=languages)


def with_texts(blueprint: Blueprint, texts: Mapping[str, Texts]) -> Blueprint:
    return replace(blueprint, texts=texts)


def code_free(blueprint: Blueprint) -> str:
    """A code that no question has yet, and that means nothing to the rest of the service: `x1`, `x2`, …"""
    taken = {question.code for question in blueprint.questions}
    return next(code for number in count(1) if (code := f"x{number}") not in taken)


def _place(blueprint: Blueprint, code: str) -> int:
    for place, question in enumerate(blueprint.questions):
        if question.code == code:
            return place
    raise UnknownQuestion(code)


def _renamed(question: QuestionPlan, old: str, new: str) -> QuestionPlan:
    conditions = tuple(
        ConditionPlan(question=new, any_of=condition.any_of) if condition.question == old else condition
        for condition in question.shown_when
    )
    return replace(question, shown_when=conditions)
