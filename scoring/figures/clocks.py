"""How the centre keeps its own time limits, so that its delay is not taken for the lawyer's (pure).

Source: Legal Aid Law art. 39, 43 and 52; Measures for complaints about legal aid; domain.md 3.13 (centre mirror).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from qa_service.common.rounding import half_up
from qa_service.common.shares import Share, share_of


@dataclass(frozen=True, slots=True)
class Run:
    """One clock of one case: it is in time when it ended on its day or before.

    `begun` None: nobody wrote down when it began, or that it ended before it began: nothing is said of it. `due` None:
    the calendar of working days does not reach so far.
    """

    begun: date | None
    due: date | None
    ended: date | None

    @property
    def told(self) -> bool:
        return self.begun is not None and (self.ended is None or self.ended >= self.begun)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock over many cases. `in_time` is of those whose time is up or that have ended; `overdue` still run.

    `running`: neither ended nor due yet. `untold`: of which nothing can be said. `days`: the median of those ended.
    """

    in_time: Share
    late: int
    overdue: int
    running: int
    untold: int
    days: Decimal | None


def clock_line(runs: Iterable[Run], *, today: date) -> ClockLine:
    in_time = late = overdue = running = untold = 0
    took: list[int] = []
    for run in runs:
        if run.begun is None or run.due is None or not run.told:
            untold += 1
            continue
        if run.ended is not None:
            took.append((run.ended - run.begun).days)
        in_time += run.ended is not None and run.ended <= run.due
        late += run.ended is not None and run.ended > run.due
        overdue += run.ended is None and run.due < today
        running += run.ended is None and run.due >= today
    return ClockLine(
        in_time=share_of(in_time, in_time + late + overdue),
        late=late,
        overdue=overdue,
        running=running,
        untold=untold,
        days=half_up(Decimal(str(median(took))), places=1) if took else None,
    )
