"""What is frozen of standings when a period is closed, and the middle band that is published with it (pure).

A frozen table is plain data that gives back the same table, figure by figure: nothing is worked out again, for by then
marks may have been corrected and the method changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any

from qa_service.common.shares import CONTEXT, ENOUGH
from scoring.standings.placing import Estimate, Pool, Standing, Table

# Among fewer, whoever knows their own mean and a colleague's would work out the rest.
LAWYERS_FOR_A_BAND = 8


@dataclass(frozen=True, slots=True)
class MiddleBand:
    """Between what the middle half of `lawyers` lies, 0 to 100, in whole points outwards: no single mean is told."""

    low: int
    high: int
    lawyers: int


def middle_band(rows: Iterable[Standing]) -> MiddleBand | None:
    """Of the mean case grades of those with five graded cases and more; None of fewer than eight."""
    means = sorted(row.cases.raw for row in rows if row.n >= ENOUGH)
    if len(means) < LAWYERS_FOR_A_BAND:
        return None
    low, high = _quantile(means, 1), _quantile(means, 3)
    return MiddleBand(
        low=int(low.to_integral_value(rounding=ROUND_FLOOR)),
        high=int(high.to_integral_value(rounding=ROUND_CEILING)),
        lawyers=len(means),
    )


def _quantile(figures: Sequence[Decimal], quarters: int) -> Decimal:
    """So many quarters up the sorted figures, between two neighbours where it falls between (Hyndman and Fan's 7th)."""
    with localcontext(CONTEXT):
        place = Decimal(quarters * (len(figures) - 1)) / 4
        below = int(place)
        above = min(below + 1, len(figures) - 1)
        return figures[below] + (place - below) * (figures[above] - figures[below])


def frozen(table: Table) -> dict[str, Any]:
    """The table as plain data, every figure as text."""
    return {
        "rows": [_plain(asdict(row)) for row in table.rows],
        "cases": _plain(asdict(table.cases)),
        "voice": _plain(asdict(table.voice)),
    }


def thawed(data: Mapping[str, Any]) -> Table:
    """What `frozen` was given."""
    return Table(
        rows=tuple(_standing(row) for row in data["rows"]),
        cases=_pool(data["cases"]),
        voice=_pool(data["voice"]),
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in values.items()}


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return _plain(value) if isinstance(value, dict) else value


def _standing(data: Mapping[str, Any]) -> Standing:
    parts = {"cases": _estimate(data["cases"]), "voice": data["voice"] and _estimate(data["voice"])}
    return Standing(**(_read(data, "raw", "prior", "shrunk", "half", "low", "high") | parts))


def _estimate(data: Mapping[str, Any]) -> Estimate:
    return Estimate(**_read(data, "raw", "prior", "shrunk", "half"))


def _pool(data: Mapping[str, Any]) -> Pool:
    return Pool(**_read(data, "within", "k"))


def _read(data: Mapping[str, Any], *figures: str) -> dict[str, Any]:
    return {name: Decimal(value) if name in figures and value is not None else value for name, value in data.items()}
