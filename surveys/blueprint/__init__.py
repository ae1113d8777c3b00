"""A questionnaire as a plan of what will be asked: what a file holds, what a page edits, what is checked. Pure."""

from surveys.blueprint.document import to_document
from surveys.blueprint.edits import (
    UnknownQuestion,
    added,
    code_free,
    moved,
    replaced,
    with_heading,
    with_texts,
    without,
)
from surveys.blueprint.parts import Blueprint, ChoicePlan, ConditionPlan, QuestionPlan, Texts
from surveys.blueprint.reading import (
    MOST_CHOICES,
    MOST_QUESTIONS,
    Misshapen,
    read_document,
    read_question,
    read_texts,
)
from surveys.blueprint.scales import SCALES, Scale, scale_of
from surveys.blueprint.soundness import Problem, ProblemCode, complete_languages, problems

__all__ = [
    "MOST_CHOICES",
    "MOST_QUESTIONS",
    "SCALES",
    "Blueprint",
    "ChoicePlan",
    "ConditionPlan",
    "Misshapen",
    "Problem",
    "ProblemCode",
    "QuestionPlan",
    "Scale",
    "Texts",
    "UnknownQuestion",
    "added",
    "code_free",
    "complete_languages",
    "moved",
    "problems",
    "read_document",
    "read_question",
    "read_texts",
    "replaced",
    "scale_of",
    "to_document",
    "with_heading",
    "with_texts",
    "without",
]
