"""Problems of a questionnaire, and faults of its file, in words: what it is, where, and what to do."""

import re

from django.utils.translation import gettext_lazy, pgettext_lazy

from surveys.blueprint import Blueprint, Problem, ProblemCode
from surveys.blueprint.reading import Fault, FaultCode
from surveys.languages import LANGUAGES

_IN_QUESTION = re.compile(r"questions\[(\d+)\]")

TOLD = {
    ProblemCode.NO_QUESTIONS: gettext_lazy("There is no question yet."),
    ProblemCode.DUPLICATE_CODE: gettext_lazy(
        "The code “%(detail)s” is used by an earlier question. Give this one another."
    ),
    ProblemCode.DUPLICATE_VALUE: gettext_lazy("Two answers have the value “%(detail)s”. Give each its own."),
    ProblemCode.MISSING_TRANSLATION: gettext_lazy("The text in %(language)s is missing."),
    ProblemCode.NO_CHOICES: gettext_lazy("A question of this type needs at least two answers to choose from."),
    ProblemCode.TEXT_HAS_CHOICES: gettext_lazy("A question answered in one's own words has no answers to choose from."),
    ProblemCode.NO_WAY_TO_DECLINE: gettext_lazy(
        "The answer “don't remember / would rather not say” (value unknown) is missing: nobody is made to answer."
    ),
    ProblemCode.SCALE_VALUES: gettext_lazy("A five-step scale has the values 5, 4, 3, 2 and 1, and no others."),
    ProblemCode.BRANCH_UNKNOWN: gettext_lazy("It is shown after an answer to “%(detail)s”, which is no question here."),
    ProblemCode.BRANCH_LATER: gettext_lazy(
        "It is shown after an answer to “%(detail)s”, which does not come before it. Move one of them."
    ),
    ProblemCode.BRANCH_VALUE: gettext_lazy("It is shown after an answer that the question does not have (%(detail)s)."),
    ProblemCode.NO_BY_TEXT: gettext_lazy(
        "No question is asked by text message. Mark q1: it is the one that a reply can answer."
    ),
    ProblemCode.SEVERAL_BY_TEXT: gettext_lazy(
        "A text message asks one question; “%(detail)s” is one of several marked."
    ),
    ProblemCode.BY_TEXT_ORGAN: gettext_lazy("Courts and other organs are not asked by text message."),
    ProblemCode.BY_TEXT_NOT_FIRST: gettext_lazy(
        "Only q1, asked always and in every way, can be answered by a reply of 1 to 5; “%(detail)s” cannot."
    ),
    ProblemCode.MONEY_BY_TEXT: gettext_lazy(
        "The question about money (%(detail)s) is never asked by text message: choose the other ways for it."
    ),
    ProblemCode.NEEDED_CODE: gettext_lazy(
        "A question with the code %(detail)s is missing: scores and alerts are made from it."
    ),
    ProblemCode.CODE_KIND: gettext_lazy("The code %(detail)s belongs to a question of another type."),
    ProblemCode.CODE_VALUES: gettext_lazy(
        "Scores and alerts are made from this code: beside “unknown” its answers have exactly the values %(detail)s."
    ),
    ProblemCode.CALL_BACK_CLOSED: gettext_lazy(
        "Whoever is dissatisfied (q1: 1 or 2), or was asked for money (q6: yes or staff), must be asked whether staff "
        "may call."
    ),
    ProblemCode.TELLING_WORD: gettext_lazy("“%(detail)s” would tell whoever holds the telephone what this is about."),
    ProblemCode.TELLING_NAME: gettext_lazy("“%(detail)s” is the name of a body, firm or lawyer of yours."),
    ProblemCode.TELLING_NUMBER: gettext_lazy("“%(detail)s” reads like a case number."),
    ProblemCode.TELLING_ADDRESS: gettext_lazy("“%(detail)s” is an address; only {link} may stand for one."),
    ProblemCode.TELLING_VARIABLE: gettext_lazy("{%(detail)s} cannot be used in this text."),
    ProblemCode.BROKEN_BRACES: gettext_lazy("%(detail)s cannot be filled in. Write {link}, {code} or {phone}."),
    ProblemCode.NEEDED_VARIABLE: gettext_lazy("%(detail)s is missing: without it nobody can answer."),
    ProblemCode.NO_WAY_OUT: gettext_lazy("It does not say how to get no more messages (“Reply T …”, 拒收请回复T)."),
    ProblemCode.TOO_MANY_SEGMENTS: gettext_lazy("It would be sent in %(detail)s parts; three are the most."),
}  # fmt: skip

FAULTS = {
    FaultCode.NOT_AN_OBJECT: gettext_lazy("is not an object ({…})"),
    FaultCode.NOT_A_LIST: gettext_lazy("is not a list ([…])"),
    FaultCode.NOT_A_TEXT: gettext_lazy("is not a text"),
    FaultCode.NOT_TRUE_OR_FALSE: gettext_lazy("is neither true nor false"),
    FaultCode.NOT_A_CODE: gettext_lazy("may hold only letters, digits, - and _"),
    FaultCode.NOT_ONE_OF: gettext_lazy("is none of: %(detail)s"),
    FaultCode.MISSING: pgettext_lazy("fault of a file", "is missing"),
    FaultCode.UNKNOWN_FIELD: gettext_lazy("is not known here; is it misspelt?"),
    FaultCode.TOO_LONG: gettext_lazy("is longer than %(detail)s characters"),
    FaultCode.TOO_MANY: gettext_lazy("holds more than %(detail)s entries"),
    FaultCode.UNPRINTABLE: gettext_lazy("holds a line break or a sign that cannot be printed"),
}


def told(problem: Problem) -> str:
    language = LANGUAGES[problem.language].name if problem.language else ""
    return str(TOLD[problem.code]) % {"detail": problem.detail, "language": language}


def fault_told(fault: Fault) -> str:
    """`questions[3].choices[1].value may hold only …`"""
    return f"{fault.path} {str(FAULTS[fault.code]) % {'detail': fault.detail}}".strip()


def question_meant(problem: Problem, blueprint: Blueprint) -> str:
    """The code of the question a problem lies in, or empty."""
    found = _IN_QUESTION.match(problem.path)
    place = int(found[1]) if found else len(blueprint.questions)
    return blueprint.questions[place].code if place < len(blueprint.questions) else ""
