"""Where lawyers, firms, stations and centres stand, without mistaking luck for merit. Source: domain.md 4.7.

Few cases prove little, so a mean is drawn towards what the same mix of case types comes to elsewhere:
(n·mean + k·prior) ÷ (n + k), where k is the variance within units divided by the variance between them, both pooled by
case type. Callers give counts, sums and sums of squares; every formula lives here.

A place says how far a unit lies above or below that prior, not how easy its mix of case types is.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from qa_service.common.shares import CONTEXT, ENOUGH

ZERO, HALF, FULL = Decimal(0), Decimal(50), Decimal(100)
UNITS_TO_ESTIMATE = 8
DEFAULT_K = Decimal(5)
# An interval rests on at least so many differences between cases of the same unit and type.
DEGREES_NEEDED = 5
Z90 = Decimal("1.645")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Figures (0 to 100) of one unit and one case type: how many, their sum, the sum of their squares."""

    unit: int
    stratum: str
    n: int
    total: Decimal
    squares: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """What all units together tell. `k` is None where units do not differ beyond chance: the prior alone stands."""

    within: Decimal | None
    k: Decimal | None
    estimated: bool

    @property
    def flat(self) -> bool:
        return self.k is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A mean of n figures, drawn towards its prior; `half` is half the 90 % interval, None where it is not known.

    `compared` of the n are of case types that other units have too: of the rest, the prior is the unit's own mean.
    """

    n: int
    compared: int
    raw: Decimal
    prior: Decimal
    shrunk: Decimal
    half: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One unit's place. `n` counts cases; `voice` is None where fewer than five clients answered.

    `above` is shrunk − prior, by which places are given: what the unit comes to against its own mix of case types.
    `low` to `high` is the interval of `shrunk`, `half` half of it. `rank_from` to `rank_to` are the places that the
    intervals leave open; a rank is shown where they are one.
    """

    unit: int
    n: int
    cases: Estimate
    voice: Estimate | None
    answered: int
    raw: Decimal
    prior: Decimal
    shrunk: Decimal
    half: Decimal | None
    low: Decimal | None
    high: Decimal | None
    rank_from: int | None = None
    rank_to: int | None = None

    @property
    def rank(self) -> int | None:
        return self.rank_from if self.rank_from == self.rank_to else None

    @property
    def above(self) -> Decimal:
        return self.shrunk - self.prior

    @property
    def small(self) -> bool:
        return self.n < ENOUGH

    @property
    def comparable(self) -> bool:
        return self.cases.compared >= ENOUGH


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """All units, with what was learned of their variances.

    Those with enough cases first, the furthest above their priors leading; the others in no order of merit.
    """

    rows: tuple[Standing, ...]
    cases: Pool
    voice: Pool


def told_cell(unit: int, stratum: str, told: Iterable[tuple[int, Decimal, Decimal]]) -> Cell:
    """A cell of which only the steps are told in which means lie: (how many, from, to).

    The middle of the step stands for the mean. How the figures scatter is not told: the widest that a mean of the step
    allows on 0 to 100 is taken, every figure at one end or the other. What is not known never narrows.
    """
    with localcontext(CONTEXT):
        count, total, squares = 0, ZERO, ZERO
        for n, low, high in told:
            middle = (low + high) / 2
            evenest = max(low, min(high, HALF))
            count, total = count + n, total + n * middle
            squares += n * (middle * middle + evenest * (FULL - evenest))
        return Cell(unit=unit, stratum=stratum, n=count, total=total, squares=squares)


def standings(cases: Iterable[Cell], voices: Iterable[Cell], weights: tuple[Decimal, Decimal]) -> Table:
    """Weigh case grades and client voice of each unit that has graded cases; `weights` as (cases, voice)."""
    with localcontext(CONTEXT):
        of_cases, case_pool = estimates(cases)
        of_voices, voice_pool = estimates(voices)
        rows = [_standing(unit, found, of_voices.get(unit), voice_pool, weights) for unit, found in of_cases.items()]
        ranked = rows if case_pool.flat else _ranked(rows)
        return Table(rows=tuple(sorted(ranked, key=_by_place)), cases=case_pool, voice=voice_pool)


def _by_place(row: Standing) -> tuple[bool, Decimal, Decimal, int]:
    """Of few cases no order is made either: a list from best to worst is a rank without its number."""
    return (True, ZERO, ZERO, row.unit) if row.small else (False, -row.above, -row.shrunk, row.unit)


def estimates(cells: Iterable[Cell]) -> tuple[dict[int, Estimate], Pool]:
    """Each unit's mean drawn towards the mean of its own mix of case types."""
    with localcontext(CONTEXT):
        counted = [cell for cell in cells if cell.n]
        found = pool(counted)
        strata = _by_stratum(counted)
        priors = {stratum: _total(group) / _number(group) for stratum, group in strata.items()}
        shared = frozenset(stratum for stratum, group in strata.items() if len(group) > 1)
        by_unit: dict[int, list[Cell]] = defaultdict(list)
        for cell in counted:
            by_unit[cell.unit].append(cell)
        return {unit: _estimate(group, priors, shared, found) for unit, group in by_unit.items()}, found


def pool(cells: Iterable[Cell]) -> Pool:
    """Variances within and between units, by the method of moments, pooled over case types."""
    with localcontext(CONTEXT):
        counted = [cell for cell in cells if cell.n]
        degrees = sum(cell.n - 1 for cell in counted)
        within = None
        if degrees >= DEGREES_NEEDED:
            spread = sum((cell.squares - cell.total * cell.total / cell.n for cell in counted), ZERO)
            within = max(ZERO, spread / degrees)
        if within is None or _large_units(counted) < UNITS_TO_ESTIMATE:
            return Pool(within=within, k=DEFAULT_K, estimated=False)
        between = _between(counted, within)
        return Pool(within=within, k=within / between if between > 0 else None, estimated=True)


def _between(cells: list[Cell], within: Decimal) -> Decimal:
    apart, expected, size = ZERO, ZERO, ZERO
    for group in _by_stratum(cells).values():
        n, total = _number(group), _total(group)
        apart += sum((cell.total * cell.total / cell.n for cell in group), ZERO) - total * total / n
        expected += (len(group) - 1) * within
        size += n - Decimal(sum(cell.n * cell.n for cell in group)) / n
    return (apart - expected) / size if size > 0 else ZERO


def _estimate(cells: list[Cell], priors: Mapping[str, Decimal], shared: frozenset[str], found: Pool) -> Estimate:
    n, compared = _number(cells), _number(cell for cell in cells if cell.stratum in shared)
    raw = _total(cells) / n
    prior = sum((cell.n * priors[cell.stratum] for cell in cells), ZERO) / n
    if found.k is None:
        return Estimate(n=n, compared=compared, raw=raw, prior=prior, shrunk=prior, half=None)
    half = None if found.within is None else Z90 * (found.within / (n + found.k)).sqrt()
    shrunk = (n * raw + found.k * prior) / (n + found.k)
    return Estimate(n=n, compared=compared, raw=raw, prior=prior, shrunk=shrunk, half=half)


def _standing(
    unit: int, cases: Estimate, voice: Estimate | None, voices: Pool, weights: tuple[Decimal, Decimal]
) -> Standing:
    answered = voice.n if voice else 0
    heard = voice if answered >= ENOUGH else None
    raw, prior, shrunk, half = cases.raw, cases.prior, cases.shrunk, cases.half
    if heard is not None:
        of_cases, of_voice = (weight / sum(weights) for weight in weights)
        raw = of_cases * raw + of_voice * heard.raw
        prior = of_cases * prior + of_voice * heard.prior
        shrunk = of_cases * shrunk + of_voice * heard.shrunk
        unsure = _half_at_widest(heard, voices)
        half = None if half is None or unsure is None else ((of_cases * half) ** 2 + (of_voice * unsure) ** 2).sqrt()
    return Standing(
        unit=unit,
        n=cases.n,
        cases=cases,
        voice=heard,
        answered=answered,
        raw=raw,
        prior=prior,
        shrunk=shrunk,
        half=half,
        low=None if half is None else max(ZERO, shrunk - half),
        high=None if half is None else min(Decimal(100), shrunk + half),
    )


def _half_at_widest(voice: Estimate, voices: Pool) -> Decimal | None:
    """What a client voice adds to the width of a standing; None where nothing says how far answers scatter.

    Where units do not differ beyond chance the voice is the prior alone and has no interval of its own: then the
    scatter of the unit's own answers is taken, drawn towards nothing. What is not known never narrows.
    """
    if voice.half is not None or voices.within is None:
        return voice.half
    return Z90 * (voices.within / voice.n).sqrt()


def _ranked(rows: list[Standing]) -> list[Standing]:
    """Places among units with enough cases: only those whose whole interval lies higher stand certainly above.

    Intervals are compared around `above`: who has the harder mix of case types does not stand lower for it. A unit
    whose case types nobody else has is compared with nobody: its prior is itself.
    """
    bounds = {
        row.unit: (row.above - row.half, row.above + row.half)
        for row in rows
        if row.half is not None and row.comparable
    }
    if len(bounds) < 2:  # noqa: PLR2004 - a place is among others
        return rows
    lows = sorted(low for low, _high in bounds.values())
    highs = sorted(high for _low, high in bounds.values())

    def placed(row: Standing) -> Standing:
        if row.unit not in bounds:
            return row
        low, high = bounds[row.unit]
        above = len(lows) - bisect_right(lows, high)
        below = bisect_left(highs, low)
        return replace(row, rank_from=above + 1, rank_to=len(bounds) - below)

    return [placed(row) for row in rows]


def _by_stratum(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.stratum].append(cell)
    return found


def _large_units(cells: Iterable[Cell]) -> int:
    sizes: dict[int, int] = defaultdict(int)
    for cell in cells:
        sizes[cell.unit] += cell.n
    return sum(size >= ENOUGH for size in sizes.values())


def _number(cells: Iterable[Cell]) -> int:
    return sum(cell.n for cell in cells)


def _total(cells: Iterable[Cell]) -> Decimal:
    return sum((cell.total for cell in cells), ZERO)
