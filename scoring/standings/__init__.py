"""Where lawyers, firms, stations, centres and their bureaux stand, and what of it is frozen when a period is closed."""

from scoring.standings.adjusting import Leaning, adjusted_means
from scoring.standings.closing import MiddleBand, frozen, middle_band, thawed
from scoring.standings.placing import (
    DEFAULT_K,
    UNITS_TO_ESTIMATE,
    Cell,
    Estimate,
    Pool,
    Standing,
    Table,
    estimates,
    pool,
    standings,
    told_cell,
)

__all__ = [
    "DEFAULT_K",
    "UNITS_TO_ESTIMATE",
    "Cell",
    "Estimate",
    "Leaning",
    "MiddleBand",
    "Pool",
    "Standing",
    "Table",
    "adjusted_means",
    "estimates",
    "frozen",
    "middle_band",
    "pool",
    "standings",
    "thawed",
    "told_cell",
]
