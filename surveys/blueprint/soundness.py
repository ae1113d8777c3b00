"""Whether a questionnaire may be published: every problem, named and placed. An empty answer means it may."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from surveys import lint
from surveys import texts as own_texts
from surveys.blueprint.parts import Blueprint, ConditionPlan, QuestionPlan, Texts
from surveys.branching import MAY_CALL, MONEY, RATING, SEALED, UNKNOWN, WHO_ASKED
from surveys.enums import Audience, Mode, QuestionKind
from surveys.languages import IN_A_FILE, NEEDED
from surveys.segments import measure

# More than this is read by nobody and paid by the centre.
MOST_SEGMENTS = 3
RATINGS = ("5", "4", "3", "2", "1")
# Of the length of real ones: a link of 12 signs under a short address, a code, a number with its area code.
SAMPLE = MappingProxyType({"link": "https://q.example.cn/s/AbCdEfGhIjKl", "code": "7K3QABCD", "phone": "0739-5550100"})


class ProblemCode(StrEnum):
    NO_QUESTIONS = "no_questions"
    DUPLICATE_CODE = "duplicate_code"
    DUPLICATE_VALUE = "duplicate_value"
    MISSING_TRANSLATION = "missing_translation"
    NO_CHOICES = "no_choices"
    TEXT_HAS_CHOICES = "text_has_choices"
    NO_WAY_TO_DECLINE = "no_way_to_decline"
    SCALE_VALUES = "scale_values"
    BRANCH_UNKNOWN = "branch_unknown"
    BRANCH_LATER = "branch_later"
    BRANCH_VALUE = "branch_value"
    NO_BY_TEXT = "no_by_text"
    SEVERAL_BY_TEXT = "several_by_text"
    BY_TEXT_ORGAN = "by_text_organ"
    BY_TEXT_NOT_FIRST = "by_text_not_first"
    MONEY_BY_TEXT = "money_by_text"
    NEEDED_CODE = "needed_code"
    CODE_KIND = "code_kind"
    CODE_VALUES = "code_values"
    CALL_BACK_CLOSED = "call_back_closed"
    TELLING_WORD = "telling_word"
    TELLING_NAME = "telling_name"
    TELLING_NUMBER = "telling_number"
    TELLING_ADDRESS = "telling_address"
    TELLING_VARIABLE = "telling_variable"
    BROKEN_BRACES = "broken_braces"
    NEEDED_VARIABLE = "needed_variable"
    NO_WAY_OUT = "no_way_out"
    TOO_MANY_SEGMENTS = "too_many_segments"


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` as in the file; `detail` the word, code or values it is about; `language` where one lacks."""

    path: str
    code: ProblemCode
    detail: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the rest of the service takes a code to mean: it reads these answers and no others."""

    kind: QuestionKind
    values: frozenset[str] = frozenset()
    needed: bool = False


def _choice(*values: str, needed: bool = False) -> Meaning:
    return Meaning(QuestionKind.CHOICE, frozenset(values), needed=needed)


_RATING = Meaning(QuestionKind.SCALE, frozenset(RATINGS), needed=True)

# Scores read q1 to q8, alerts q1, q6, q6who and q10 (`surveys.queries.evidence`, `surveys.services.answering.answers`).
MEANINGS: dict[Audience, dict[str, Meaning]] = {
    Audience.CLIENT: {
        RATING: _RATING,
        "q2": _choice("always", "sometimes", "never"),
        "q3": _choice("yes", "partly", "no"),
        "q4": _choice("always", "sometimes", "never"),
        "q5": _choice("yes", "no", "not_applicable"),
        MONEY: _choice("no", "yes", "staff", needed=True),
        WHO_ASKED: _choice("lawyer", "centre", "other"),
        "q7": _choice("yes", "partly", "no"),
        "q8": _choice("service", "result", "both"),
        MAY_CALL: Meaning(QuestionKind.CALL_BACK, frozenset({"yes", "no"}), needed=True),
        "q11": Meaning(QuestionKind.TEXT),
    },
    Audience.ORGAN: dict.fromkeys(("q1", "q2", "q3", "q4", "q5"), _RATING),
}
# Whoever answers so must come to the question whether staff may call.
MUST_REACH_CALL_BACK = {RATING: frozenset({"1", "2"}), MONEY: frozenset({"yes", "staff"})}

_TELLING = {
    lint.FaultKind.WORD: ProblemCode.TELLING_WORD,
    lint.FaultKind.NAME: ProblemCode.TELLING_NAME,
    lint.FaultKind.CASE_NUMBER: ProblemCode.TELLING_NUMBER,
    lint.FaultKind.ADDRESS: ProblemCode.TELLING_ADDRESS,
    lint.FaultKind.VARIABLE: ProblemCode.TELLING_VARIABLE,
    lint.FaultKind.BRACES: ProblemCode.BROKEN_BRACES,
}


def problems(
    blueprint: Blueprint, *, names: Iterable[str] = (), sample: Mapping[str, str] = SAMPLE
) -> tuple[Problem, ...]:
    """What forbids to publish it. `names`: of the centre, its firms and lawyers, which no text may hold.

    `sample`: link, code and number of the length that will be sent.
    """
    return tuple(_problems(_Context(blueprint, tuple(names), sample)))


def complete_languages(blueprint: Blueprint) -> tuple[str, ...]:
    """The further languages in which nothing is missing: only these are offered."""
    return tuple(code for code in blueprint.languages if not lacking(blueprint, code))


def lacking(blueprint: Blueprint, language: str) -> int:
    """How many texts are not yet written in a language."""
    return sum(1 for _path, written in _written(blueprint) if not written.get(language))


@dataclass(frozen=True, slots=True)
class _Context:
    blueprint: Blueprint
    names: tuple[str, ...]
    sample: Mapping[str, str] = field(default_factory=lambda: SAMPLE)


def _problems(context: _Context) -> Iterator[Problem]:
    blueprint = context.blueprint
    if not blueprint.questions:
        yield Problem("questions", ProblemCode.NO_QUESTIONS)
    yield from _doubles(blueprint)
    yield from _untranslated(blueprint)
    for place, question in enumerate(blueprint.questions):
        path = f"questions[{place}]"
        yield from _answers(path, question)
        yield from _branches(path, place, blueprint)
        yield from _meaning(path, question, blueprint.audience)
    yield from _needed(blueprint)
    yield from _by_text(blueprint)
    yield from _sent(context)


def _doubles(blueprint: Blueprint) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for place, question in enumerate(blueprint.questions):
        seen[question.code] += 1
        if seen[question.code] > 1:
            yield Problem(f"questions[{place}].code", ProblemCode.DUPLICATE_CODE, question.code)
        values: Counter[str] = Counter()
        for row, choice in enumerate(question.choices):
            values[choice.value] += 1
            if values[choice.value] > 1:
                path = f"questions[{place}].choices[{row}].value"
                yield Problem(path, ProblemCode.DUPLICATE_VALUE, choice.value)


def _written(blueprint: Blueprint) -> Iterator[tuple[str, Texts]]:
    """Everything a person reads, with its path. A hint is needed in a language only where there is one at all."""
    yield "title", blueprint.titles
    for place, question in enumerate(blueprint.questions):
        yield f"questions[{place}].text", question.texts
        if question.hints:
            yield f"questions[{place}].hint", question.hints
        for row, choice in enumerate(question.choices):
            yield f"questions[{place}].choices[{row}]", choice.texts


def _untranslated(blueprint: Blueprint) -> Iterator[Problem]:
    own = ((f"texts.{name}", written) for name, written in blueprint.texts.items())
    for path, written in (*_written(blueprint), *own):
        for language in NEEDED:
            if not written.get(language):
                place = f"{path}.{IN_A_FILE[language]}"
                yield Problem(place, ProblemCode.MISSING_TRANSLATION, language=language)


def _answers(path: str, question: QuestionPlan) -> Iterator[Problem]:
    if question.kind == QuestionKind.TEXT:
        if question.choices:
            yield Problem(f"{path}.choices", ProblemCode.TEXT_HAS_CHOICES)
        return
    answers = [value for value in question.values if value != UNKNOWN]
    if question.kind == QuestionKind.SCALE:
        if sorted(answers) != sorted(RATINGS):
            yield Problem(f"{path}.choices", ProblemCode.SCALE_VALUES)
    elif len(answers) < 2:  # noqa: PLR2004 - one answer is no choice
        yield Problem(f"{path}.choices", ProblemCode.NO_CHOICES)
    if UNKNOWN not in question.values:
        yield Problem(f"{path}.choices", ProblemCode.NO_WAY_TO_DECLINE)


def _branches(path: str, place: int, blueprint: Blueprint) -> Iterator[Problem]:
    earlier = {item.code: item for item in blueprint.questions[:place]}
    for row, condition in enumerate(blueprint.questions[place].shown_when):
        at = f"{path}.shown_when[{row}]"
        asked = earlier.get(condition.question)
        if asked is None:
            later = blueprint.question(condition.question) is not None
            code = ProblemCode.BRANCH_LATER if later else ProblemCode.BRANCH_UNKNOWN
            yield Problem(f"{at}.question", code, condition.question)
            continue
        strange = [value for value in condition.any_of if value not in asked.values]
        if strange or not condition.any_of:
            yield Problem(f"{at}.any_of", ProblemCode.BRANCH_VALUE, ", ".join([condition.question, *strange]))


def _meaning(path: str, question: QuestionPlan, audience: Audience) -> Iterator[Problem]:
    meaning = MEANINGS[audience].get(question.code)
    if meaning is None:
        return
    if question.kind != meaning.kind:
        yield Problem(f"{path}.kind", ProblemCode.CODE_KIND, question.code)
    elif meaning.values and set(question.values) - {UNKNOWN} != meaning.values:
        yield Problem(f"{path}.choices", ProblemCode.CODE_VALUES, ", ".join(sorted(meaning.values)))


def _needed(blueprint: Blueprint) -> Iterator[Problem]:
    for code, meaning in MEANINGS[blueprint.audience].items():
        if meaning.needed and blueprint.question(code) is None:
            yield Problem("questions", ProblemCode.NEEDED_CODE, code)
    call_back = blueprint.question(MAY_CALL)
    if blueprint.audience != Audience.CLIENT or call_back is None or not call_back.shown_when:
        return
    if not all(_opens(call_back.shown_when, code, values) for code, values in MUST_REACH_CALL_BACK.items()):
        place = blueprint.questions.index(call_back)
        yield Problem(f"questions[{place}].shown_when", ProblemCode.CALL_BACK_CLOSED)


def _opens(conditions: tuple[ConditionPlan, ...], code: str, values: frozenset[str]) -> bool:
    opened = {value for condition in conditions if condition.question == code for value in condition.any_of}
    return values <= opened


def _by_text(blueprint: Blueprint) -> Iterator[Problem]:
    carried = [(place, question) for place, question in enumerate(blueprint.questions) if question.by_text]
    if blueprint.audience == Audience.ORGAN:
        yield from (Problem(f"questions[{place}].by_text", ProblemCode.BY_TEXT_ORGAN) for place, _question in carried)
        return
    if not carried:
        yield Problem("questions", ProblemCode.NO_BY_TEXT)
    for place, question in carried:
        if len(carried) > 1:
            yield Problem(f"questions[{place}].by_text", ProblemCode.SEVERAL_BY_TEXT, question.code)
        elif question.code != RATING or question.shown_when or not question.asked_by(Mode.SMS):
            yield Problem(f"questions[{place}].by_text", ProblemCode.BY_TEXT_NOT_FIRST, question.code)
    for place, question in enumerate(blueprint.questions):
        if question.code in SEALED and question.asked_by(Mode.SMS):
            yield Problem(f"questions[{place}].modes", ProblemCode.MONEY_BY_TEXT, question.code)


def _sent(context: _Context) -> Iterator[Problem]:
    """What goes to a telephone: the question asked by text with its answers, and the texts of its own."""
    for place, question in enumerate(context.blueprint.questions):
        if not question.by_text or context.blueprint.audience == Audience.ORGAN:
            continue
        path = f"questions[{place}]"
        yield from _told(f"{path}.text", question.texts, context.names, variables=False)
        yield from _told(f"{path}.hint", question.hints, context.names, variables=False)
        for row, choice in enumerate(question.choices):
            yield from _told(f"{path}.choices[{row}]", choice.texts, context.names, variables=False)
    for name, written in context.blueprint.texts.items():
        yield from _told(f"texts.{name}", written, context.names, variables=True)
        for language in written:
            path = f"texts.{name}.{IN_A_FILE[language]}"
            yield from _fit(path, own_texts.NAMES[name], written[language], language, context)


def _told(path: str, written: Texts, names: tuple[str, ...], *, variables: bool) -> Iterator[Problem]:
    for language, text in written.items():
        found = list(lint.faults(text, names=names))
        if not variables and lint.variables(text) & lint.ALLOWED_FIELDS:
            found.append(lint.Fault(lint.FaultKind.VARIABLE, ", ".join(sorted(lint.variables(text)))))
        for fault in found:
            yield Problem(f"{path}.{IN_A_FILE[language]}", _TELLING[fault.kind], fault.value, language)


def _fit(path: str, key: own_texts.Key, text: str, language: str, context: _Context) -> Iterator[Problem]:
    kind, channel = key
    needed = own_texts.VARIABLES_NEEDED.get(channel, frozenset()) if channel else frozenset()
    used = lint.variables(text)
    for name in sorted(needed - used):
        yield Problem(path, ProblemCode.NEEDED_VARIABLE, f"{{{name}}}", language)
    for name in sorted((used & lint.ALLOWED_FIELDS) - needed):
        yield Problem(path, ProblemCode.TELLING_VARIABLE, name, language)
    if kind in own_texts.ASKING and channel in own_texts.REPLIES_ARE_READ and not _way_out(text):
        yield Problem(path, ProblemCode.NO_WAY_OUT, language=language)
    if any(fault.kind in {lint.FaultKind.VARIABLE, lint.FaultKind.BRACES} for fault in lint.faults(text)):
        return  # cannot be filled in, so it has no size
    body = own_texts.compose(
        kind=kind, channel=channel, language=language, own={own_texts.name_of(*key): {language: text}}, **context.sample
    )
    segments = measure(body).segments
    if segments > MOST_SEGMENTS:
        yield Problem(path, ProblemCode.TOO_MANY_SEGMENTS, str(segments), language)


def _way_out(text: str) -> bool:
    """Names the letter T, which is heard as a stop, on its own: "拒收请回复T", "Reply T for no more messages"."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text).split()
    return "T" in words or "退订" in text
