"""What clients answered, question by question: never a mean of words (interface.md 4, chart 8; domain.md 0.4–0.6).

Answers of different ways, and of wordings that differ, are not mixed unmarked: each way has its own line and a flag
says where ways differ; a question that a later version asks otherwise begins anew. Of fewer than five opinions nothing
is broken down. What was answered about money, and what only such an answer opens, is no figure here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from qa_service.common.shares import ENOUGH, Share, share_of
from surveys.branching import UNKNOWN, Sheet, SheetQuestion, telling_of_sealed
from surveys.enums import Mode, QuestionKind

NOT_APPLICABLE = "not_applicable"
# No opinion: neither for nor against, and no part of any share.
NO_OPINION = frozenset({UNKNOWN, NOT_APPLICABLE})
# Three of five is "basically satisfied", which counts as satisfied (好差评, domain.md 1.6).
SATISFIED = frozenset({"5", "4", "3"})


class Tone(StrEnum):
    """On which side of the middle an answer lies; PLAIN has no side."""

    WORST = "worst"
    POOR = "poor"
    MIDDLE = "middle"
    GOOD = "good"
    BEST = "best"
    PLAIN = "plain"


TONES: Mapping[str, Tone] = {
    "1": Tone.WORST, "2": Tone.POOR, "3": Tone.MIDDLE, "4": Tone.GOOD, "5": Tone.BEST,
    "always": Tone.BEST, "yes": Tone.BEST,
    "sometimes": Tone.MIDDLE, "partly": Tone.MIDDLE,
    "never": Tone.WORST, "no": Tone.WORST,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """So many answers of one choice to one question, by one way, in responses begun by another or the same."""

    question_id: int
    choice_id: int
    mode: str
    begun_by: str
    n: int


@dataclass(frozen=True, slots=True)
class Answered:
    """So many finished responses to one version, by the way of their first answer."""

    questionnaire_id: int
    mode: str
    n: int


@dataclass(frozen=True, slots=True)
class Part:
    """One choice; `share` is of the opinions."""

    value: str
    tone: Tone
    share: Share


@dataclass(frozen=True, slots=True)
class Distribution:
    """By one way, or by all (`mode` None). `n` opinions; `none` had none; `silent` were not asked, or left it open.

    An answer counts under the way by which it came itself: who sent a mark by text and was asked the rest by telephone
    stands under both. Who was silent stands under the way of their first answer, so that the ways add up to the whole.
    `parts` is empty below five opinions. `favourable` is None where the question has no good side.
    """

    mode: Mode | None
    n: int
    none: int
    silent: int
    parts: tuple[Part, ...]
    favourable: Share | None

    @property
    def small(self) -> bool:
        return self.n < ENOUGH


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """One question as versions that ask it alike put it; `question` is the latest of them.

    `begins_anew`: an earlier version asked it otherwise. `modes_differ`: by more than chance.
    """

    question: SheetQuestion
    versions: tuple[int, ...]
    begins_anew: bool
    whole: Distribution
    by_mode: tuple[Distribution, ...]
    modes_differ: bool

    @property
    def polar(self) -> bool:
        return is_polar(self.question)


def tallies(sheets: Iterable[Sheet], answered: Iterable[Answered], counted: Iterable[Counted]) -> list[QuestionTally]:
    """Of the versions of one questionnaire, in the order of its latest; earlier wordings stand before later ones."""
    versions = sorted(sheets, key=lambda sheet: sheet.version)
    responses = list(answered)
    by_question: dict[int, list[Counted]] = {}
    for each in counted:
        by_question.setdefault(each.question_id, []).append(each)
    found = [
        _tally(asked, place, responses, by_question)
        for code in _codes(versions)
        for place, asked in enumerate(_alike(code, versions))
    ]
    return [each for each in found if each.whole.n or each.whole.none or each.whole.silent]


def is_polar(question: SheetQuestion) -> bool:
    """Whether its answers have a good and a bad side."""
    opinions = [choice.value for choice in question.choices if choice.value not in NO_OPINION]
    sides = {TONES.get(value) for value in opinions}
    return None not in sides and not sides.isdisjoint((Tone.GOOD, Tone.BEST))


def told(sheet: Sheet) -> list[SheetQuestion]:
    """Questions with choices that may be told as figures: none about money, and none that such an answer opens."""
    kept_back = telling_of_sealed(sheet.questions, {})
    kinds = (QuestionKind.SCALE, QuestionKind.CHOICE)
    return [question for question in sheet.questions if question.kind in kinds and question.code not in kept_back]


_Asked = list[tuple[Sheet, SheetQuestion]]


def _codes(versions: Sequence[Sheet]) -> list[str]:
    """Every code, in the order of the latest version that asks it."""
    order: dict[str, None] = {}
    for sheet in reversed(versions):
        order |= dict.fromkeys(question.code for question in told(sheet) if question.code not in order)
    return list(order)


def _alike(code: str, versions: Sequence[Sheet]) -> list[_Asked]:
    """The versions that ask a question, in runs of those that ask it alike."""
    runs: list[_Asked] = []
    for sheet in versions:
        question = next((each for each in told(sheet) if each.code == code), None)
        if question is None:
            continue
        if runs and _wording(runs[-1][-1][1]) == _wording(question):
            runs[-1].append((sheet, question))
        else:
            runs.append([(sheet, question)])
    return runs


def _wording(question: SheetQuestion) -> tuple[object, ...]:
    choices = tuple((choice.value, choice.text_zh, choice.text_en) for choice in question.choices)
    return question.text_zh, question.text_en, choices, question.shown_when, question.modes


def _tally(
    asked: _Asked, place: int, responses: Sequence[Answered], counted: Mapping[int, Sequence[Counted]]
) -> QuestionTally:
    question = asked[-1][1]
    values = {choice.id: choice.value for _sheet, each in asked for choice in each.choices}
    rows = [row for _sheet, each in asked for row in counted.get(each.id, ())]
    versions = {sheet.questionnaire_id for sheet, _question in asked}
    asked_of = [row for row in responses if row.questionnaire_id in versions]
    came_by = {row.mode for row in asked_of} | {row.mode for row in rows}
    by_mode = tuple(_distribution(question, mode, values, rows, asked_of) for mode in Mode if mode in came_by)
    return QuestionTally(
        question=question,
        versions=tuple(sheet.version for sheet, _question in asked),
        begins_anew=place > 0,
        whole=_distribution(question, None, values, rows, asked_of),
        by_mode=by_mode,
        modes_differ=any(_differ(one, other) for one, other in combinations(by_mode, 2)),
    )


def _distribution(
    question: SheetQuestion,
    mode: Mode | None,
    values: Mapping[int, str],
    rows: Sequence[Counted],
    asked_of: Sequence[Answered],
) -> Distribution:
    mine = [(values[row.choice_id], row.n) for row in rows if mode in (None, row.mode)]
    begun = sum(row.n for row in asked_of if mode in (None, row.mode))
    answered = sum(row.n for row in rows if mode in (None, row.begun_by))
    n = sum(count for value, count in mine if value not in NO_OPINION)
    none = sum(count for value, count in mine if value in NO_OPINION)
    parts = tuple(
        Part(choice.value, _tone(question, choice.value), share_of(_sum(mine, {choice.value}), n))
        for choice in question.choices
        if choice.value not in NO_OPINION
    )
    return Distribution(
        mode=mode,
        n=n,
        none=none,
        silent=begun - answered,
        parts=parts if n >= ENOUGH else (),
        favourable=share_of(_sum(mine, _favourable(question)), n) if is_polar(question) and n >= ENOUGH else None,
    )


def _favourable(question: SheetQuestion) -> frozenset[str]:
    if question.kind == QuestionKind.SCALE:
        return SATISFIED
    return frozenset(value for value, tone in TONES.items() if tone in (Tone.BEST, Tone.GOOD))


def _tone(question: SheetQuestion, value: str) -> Tone:
    return TONES[value] if is_polar(question) else Tone.PLAIN


def _sum(rows: Iterable[tuple[str, int]], values: Iterable[str]) -> int:
    wanted = set(values)
    return sum(n for value, n in rows if value in wanted)


def _differ(one: Distribution, other: Distribution) -> bool:
    """By more than chance: intervals that do not meet. Of fewer than five nothing is said."""
    if one.favourable is not None and other.favourable is not None:
        return _apart(one.favourable, other.favourable)
    pairs = zip(one.parts, other.parts, strict=False)
    return any(_apart(mine.share, theirs.share) for mine, theirs in pairs)


def _apart(one: Share, other: Share) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low > other.high or other.low > one.high
