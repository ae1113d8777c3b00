"""From the marks of one file to its total, and from its readers' totals to one result (pure, Decimal).

Source of the rules: the default checklists' practice. Anchors are worth 100, 75, 40 and 0 % of an item's points; the
weight of an item that does not apply goes to the other items of its section, that of a whole section to the file pro
rata; more than 30 points not applicable make a limited review, which is never excellent.

The bands and limits here are of the file alone, and no data of a scheme: they say which result waits for another reader
before its release. What grade a case gets, and how many readers that takes, is for the scheme by which it is weighed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from reviews.enums import SHARES, Anchor, Band, Measure, Method, VetoEffect

HUNDRED = Decimal(100)
NOUGHT = Decimal(0)
LIMITED_ABOVE = Decimal(30)
AGREE_WITHIN = Decimal(8)

BANDS = ((Decimal(90), Band.EXCELLENT), (Decimal(80), Band.GOOD), (Decimal(60), Band.PASS))
RANK = {Band.FAIL: 0, Band.PASS: 1, Band.GOOD: 2, Band.EXCELLENT: 3}


@dataclass(frozen=True, slots=True)
class ItemRule:
    """`floors` maps a reason code to the least share that it leaves, e.g. an argument reasoned though rejected.

    `shares`: what each anchor is worth; a graded indicator's are `GRADE_SHARES`. `offered`: those that may be chosen.
    """

    code: str
    points: Decimal
    floors: Mapping[str, Decimal] = field(default_factory=dict)
    shares: Mapping[Anchor, Decimal] = field(default_factory=lambda: SHARES)
    offered: frozenset[str] = frozenset(Anchor)


@dataclass(frozen=True, slots=True)
class SectionRule:
    """`hearing`: it asks what was done at the hearing, of a file in which there need not have been one."""

    code: str
    items: tuple[ItemRule, ...]
    hearing: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`pageless`: the reasons that say a paper is not in the file, for which no page can be named."""

    sections: tuple[SectionRule, ...]
    pageless: frozenset[str] = frozenset()
    measure: Measure = Measure.POINTS

    def codes(self) -> tuple[str, ...]:
        return tuple(item.code for section in self.sections for item in section.items)

    def points(self) -> Decimal:
        return sum((item.points for section in self.sections for item in section.items), NOUGHT)


@dataclass(frozen=True, slots=True)
class MarkValue:
    anchor: Anchor
    reason: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """`score` is 0 to 100, unrounded. Items without a mark count in full and are named in `unmarked`.

    Of a sheet of which nothing applies the score is no figure to show: `counts` is False.
    """

    score: Decimal
    shares: dict[str, Decimal]
    section_scores: dict[str, Decimal]
    not_applicable: Decimal
    limited: bool
    unmarked: tuple[str, ...]

    @property
    def band(self) -> Band:
        return band_of(self.score, cap=limit_of(limited=self.limited))

    @property
    def counts(self) -> bool:
        return bool(self.shares)


@dataclass(frozen=True, slots=True)
class Combined:
    """One result of several readers. `spread` is the widest difference of their totals as they read, in points.

    Not `settled`: two readers differ, a third is needed, and the score is no more than the mean so far.
    """

    score: Decimal
    method: Method
    readers: int
    spread: Decimal
    agreed: bool
    limited: bool
    item_scores: dict[str, Decimal]

    @property
    def settled(self) -> bool:
        return self.method != Method.UNSETTLED


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a sheet cannot be submitted: what is missing at which item."""

    item: str
    missing: str


def share_of(item: ItemRule, mark: MarkValue | None) -> Decimal | None:
    """The share of the item's points, 0 to 1; None where the item does not apply. No mark counts in full."""
    if mark is None:
        return item.shares[Anchor.FULL]
    if mark.anchor == Anchor.NOT_APPLICABLE:
        return None
    return max(item.shares[mark.anchor], item.floors.get(mark.reason, NOUGHT))


def total(sheet: Sheet, marks: Mapping[str, MarkValue]) -> Total:
    shares: dict[str, Decimal] = {}
    section_scores: dict[str, Decimal] = {}
    unmarked: list[str] = []
    earned = weight = not_applicable = NOUGHT
    for section in sheet.sections:
        whole = applicable = gained = NOUGHT
        for item in section.items:
            mark = marks.get(item.code)
            if mark is None:
                unmarked.append(item.code)
            whole += item.points
            share = share_of(item, mark)
            if share is None:
                not_applicable += item.points
                continue
            shares[item.code] = share
            applicable += item.points
            gained += share * item.points
        if applicable:
            section_scores[section.code] = whole * gained / applicable
            earned += section_scores[section.code]
            weight += whole
    return Total(
        score=HUNDRED * earned / weight if weight else NOUGHT,
        shares=shares,
        section_scores=section_scores,
        not_applicable=_of_a_hundred(not_applicable, sheet),
        limited=_of_a_hundred(not_applicable, sheet) > LIMITED_ABOVE,
        unmarked=tuple(unmarked),
    )


def _of_a_hundred(points: Decimal, sheet: Sheet) -> Decimal:
    """Weights of graded indicators make up any sum; what does not apply is told as if it were a hundred."""
    return points if sheet.measure == Measure.POINTS else HUNDRED * points / sheet.points()


def defects(sheet: Sheet, marks: Mapping[str, MarkValue]) -> list[Defect]:
    """Everything that stands in the way of submission, in the order of the sheet.

    A sheet with nothing applicable cannot be scored at all, so that is a defect of its first item.
    """
    found: list[Defect] = []
    for code in sheet.codes():
        mark = marks.get(code)
        if mark is None:
            found.append(Defect(code, "mark"))
        elif mark.anchor not in {Anchor.FULL, Anchor.NOT_APPLICABLE}:
            if not mark.reason:
                found.append(Defect(code, "reason"))
            if not mark.page.strip() and mark.reason not in sheet.pageless:
                found.append(Defect(code, "page"))
    answered = [marks[code] for code in sheet.codes() if code in marks]
    if len(answered) == len(sheet.codes()) and all(mark.anchor == Anchor.NOT_APPLICABLE for mark in answered):
        found.append(Defect(sheet.codes()[0], "applicable"))
    return found


def band_of(score: Decimal, *, cap: Band | None = None) -> Band:
    """The band of an unrounded score, no better than `cap`."""
    found = next((band for least, band in BANDS if score >= least), Band.FAIL)
    if cap is not None and RANK[found] > RANK[cap]:
        return cap
    return found


def limit_of(*, limited: bool, effects: Iterable[VetoEffect] = ()) -> Band | None:
    """The best band still open after a limited review and the confirmed vetoes; None when all are."""
    caps = [Band.GOOD] if limited else []
    for effect in effects:
        if effect == VetoEffect.FAIL:
            caps.append(Band.FAIL)
        elif effect == VetoEffect.CAP_AT_PASS:
            caps.append(Band.PASS)
    return min(caps, key=RANK.__getitem__, default=None)


def needs_second_reader(score: Decimal, *, limited: bool, vetoed: bool = False) -> bool:
    """The best and the worst grade need a second pair of eyes, and so does a file in which a veto was seen.

    :param vetoed: one is open or confirmed; what another person did not uphold asks for nobody.
    """
    return vetoed or band_of(score, cap=limit_of(limited=limited)) in {Band.EXCELLENT, Band.FAIL}


def agree(totals: Sequence[Total]) -> bool:
    return spread_of(totals) <= AGREE_WITHIN and len({each.band for each in totals}) == 1


def spread_of(totals: Sequence[Total]) -> Decimal:
    scores = [each.score for each in totals]
    return max(scores) - min(scores)


def combine(totals: Sequence[Total], *, as_read: Sequence[Total] = ()) -> Combined:
    """One result from one, two or three readers' totals.

    Two readers within 8 points and in the same band give their mean, item by item over those to whom it applied; two
    who differ need a third. Of three the reading in the middle gives the total and every item, so that the points of
    the items explain the total: the middle of each item by itself may show a full mark everywhere below a low total.

    :param as_read: the same before objections were upheld, if any were. How far the readers agree, what method follows
        and which reading lies in the middle rest on these alone: a correction tells nothing of the readers, and moves
        the objected items and the total, and nothing else.
    """
    read = as_read or totals
    agreed = len(read) > 1 and agree(read)
    given = _in_the_middle(totals, read) if len(totals) > 2 else totals  # noqa: PLR2004 - a third reader
    codes = {code: None for each in given for code in each.shares}
    return Combined(
        score=median([each.score for each in given]),
        method=_method(len(totals), agreed=agreed),
        readers=len(totals),
        spread=spread_of(read),
        agreed=agreed,
        limited=any(each.limited for each in totals),
        item_scores={
            code: HUNDRED * median([each.shares[code] for each in given if code in each.shares]) for code in codes
        },
    )


def _in_the_middle(totals: Sequence[Total], as_read: Sequence[Total]) -> Sequence[Total]:
    """The one reading; of two alike the earlier."""
    by_score = sorted(range(len(totals)), key=lambda order: as_read[order].score)
    return [totals[by_score[len(by_score) // 2]]]


def _method(readers: int, *, agreed: bool) -> Method:
    if readers == 1:
        return Method.SINGLE
    if readers == 2:  # noqa: PLR2004 - two readers
        return Method.MEAN_OF_TWO if agreed else Method.UNSETTLED
    return Method.MEDIAN
