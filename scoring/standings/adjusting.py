"""Means of cases as they would be had all files been read by equally mild readers (pure).

Shown beside the mean as it was graded and never in its place: places, grades and proposals follow the latter.
Source: domain.md 3 (reviewer severity: adjust reports, never silently the legal grade).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from qa_service.common.shares import CONTEXT
from scoring.standings.placing import Standing, Table

ZERO, FULL = Decimal(0), Decimal(100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaning:
    """One graded case of a unit: `points` by which its file's result leans, None where nobody can say.

    `part` is what the file review is of the case's grade, 0 to 1.
    """

    unit: int
    points: Decimal | None
    part: Decimal


def adjusted_means(table: Table, leanings: Iterable[Leaning], weights: tuple[Decimal, Decimal]) -> dict[int, Decimal]:
    """By unit its unadjusted mean with the leaning of its readers taken out, 0 to 100.

    A unit is absent where one of its files was read by somebody who cannot be set beside the others.

    :param weights: of case grades and client voice in a standing.
    """
    with localcontext(CONTEXT):
        sums = _sums(leanings)
        return {row.unit: _adjusted(row, sums[row.unit], weights) for row in table.rows if row.unit in sums}


def _sums(leanings: Iterable[Leaning]) -> Mapping[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    unknown = set()
    for each in leanings:
        if each.points is None:
            unknown.add(each.unit)
        else:
            sums[each.unit] += each.points * each.part
    return {unit: total for unit, total in sums.items() if unit not in unknown}


def _adjusted(row: Standing, leaning: Decimal, weights: tuple[Decimal, Decimal]) -> Decimal:
    """A client's voice does not lean by who read the file."""
    part = Decimal(1) if row.voice is None else weights[0] / sum(weights)
    return max(ZERO, min(FULL, row.raw - part * leaning / row.n))
