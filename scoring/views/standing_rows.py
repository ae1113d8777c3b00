"""Standings in the words and figures of a page or a file, the same wherever they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qa_service.common.rounding import half_up, with_sign
from qa_service.documents.csv_export import CellValue
from scoring.queries.standings import StandingsTable
from scoring.standings import Pool, Standing

HEADER = (
    pgettext_lazy("of a unit", "Name"),
    gettext_lazy("Graded cases"),
    gettext_lazy("Cases closed"),
    gettext_lazy("Unadjusted mean"),
    gettext_lazy("Mean were all readers equally strict"),
    gettext_lazy("Standing"),
    gettext_lazy("90 % interval from"),
    gettext_lazy("90 % interval to"),
    gettext_lazy("Against the same case types"),
    gettext_lazy("Client voice"),
    gettext_lazy("Answers counted"),
    gettext_lazy("Place"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A standing for people: two decimals, or nothing where nothing may be said."""

    name: str
    standing: Standing
    closed: int | None
    raw: Decimal
    adjusted: Decimal | None
    shrunk: Decimal
    low: Decimal | None
    high: Decimal | None
    above: str
    voice: Decimal | None
    place: str


def row_of(row: Standing, found: StandingsTable, adjusted: Mapping[int, Decimal] | None = None) -> Row:
    """:param adjusted: by unit the mean with the leaning of its readers taken out."""
    mean = (adjusted or {}).get(row.unit)
    return Row(
        name=found.names[row.unit],
        standing=row,
        closed=found.closed.get(row.unit),
        raw=half_up(row.raw),
        adjusted=None if mean is None else half_up(mean),
        shrunk=half_up(row.shrunk),
        low=None if row.low is None else half_up(row.low),
        high=None if row.high is None else half_up(row.high),
        above=with_sign(half_up(row.above) + 0),  # nought has no minus
        voice=None if row.voice is None else half_up(row.voice.raw),
        place=_place(row),
    )


def cells_of(row: Row) -> list[CellValue]:
    """One line of a file, by `HEADER`."""
    answers = row.standing.answered if row.voice is not None else None
    means = (row.raw, row.adjusted, row.shrunk, row.low, row.high)
    figures = (row.closed, *means, half_up(row.standing.above) + 0, row.voice, answers)
    return [row.name, row.standing.n, *figures, row.place]


def _place(row: Standing) -> str:
    if row.small:
        return _("fewer than 5")
    if row.rank_from is None or row.rank_to is None:
        return _("none")
    if row.rank is not None:
        return str(row.rank)
    return _("between %(first)d and %(last)d") % {"first": row.rank_from, "last": row.rank_to}


def method_of(pool: Pool) -> str:
    """One sentence on how far the means were drawn, and why."""
    if pool.k is None:
        return _("The units do not differ by more than chance: each shows the mean of its case types, and no place.")
    if pool.estimated:
        return _("k = %(k)s, estimated from these cases.") % {"k": half_up(pool.k)}
    return _("k = %(k)s, as long as fewer than eight units have five cases.") % {"k": pool.k}
