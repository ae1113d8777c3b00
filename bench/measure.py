"""The one way figures are taken: interleaved rounds in rotating order, ratios per round, a control of A against A.

Absolute times drift by a factor of two on shared machines; ratios of neighbours in one round do not.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

CONTROL_BOUNDS = (0.95, 1.05)
# A median may miss its goal by so much before it counts as missed.
TOLERANCE = 0.05


@dataclass(frozen=True)
class Row:
    """One figure with its goal. `met` is None where there is nothing to meet."""

    name: str
    value: float
    unit: str
    goal: str = ""
    met: bool | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


def interleaved(
    jobs: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    warm_up: int = 1,
    before: Callable[[str], object] = lambda _name: None,
) -> dict[str, list[float]]:
    """Run every job once a round, each round beginning with the next one. Returns wall seconds by name.

    `before` makes ready for the job of this name; its time is not counted.
    """
    names = list(jobs)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(-warm_up, rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            before(name)
            began = time.perf_counter()
            jobs[name]()
            if turn >= 0:
                times[name].append(time.perf_counter() - began)
    return times


def ratio(
    name: str, *, of: list[float], to: list[float], at_least: float | None = None, at_most: float | None = None
) -> Row:
    """`of` ÷ `to`, round by round: the median and the range from the tenth to the ninetieth percentile."""
    ratios = sorted(a / b for a, b in zip(of, to, strict=True))
    value = statistics.median(ratios)
    low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
    goal, met = "", None
    if at_least is not None:
        goal, met = f"≥ {at_least:g}", value >= at_least * (1 - TOLERANCE)
    if at_most is not None:
        goal, met = f"≤ {at_most:g}", value <= at_most * (1 + TOLERANCE)
    return Row(name, value, "×", goal, met, low, high)


def within(name: str, *, of: list[float], to: list[float], bounds: tuple[float, float], note: str = "") -> Row:
    """`of` ÷ `to` as in `ratio`; `note` is what to say where the median is out of bounds."""
    row = ratio(name, of=of, to=to)
    low, high = bounds
    met = low <= row.value <= high
    return Row(name, row.value, "×", f"{low}–{high}", met, row.low, row.high, "" if met else note)


def control(*, one: list[float], other: list[float], name: str = "A/A control") -> Row:
    """The same job twice: outside its bounds the run says nothing."""
    return within(name, of=one, to=other, bounds=CONTROL_BOUNDS, note="VOID: run it again")


def at_least(name: str, value: float, unit: str, limit: float, note: str = "") -> Row:
    return Row(name, value, unit, f"≥ {limit:g}", value >= limit, note=note)


def at_most(name: str, value: float, unit: str, limit: float, note: str = "") -> Row:
    return Row(name, value, unit, f"≤ {limit:g}", value <= limit, note=note)


def table(rows: list[Row]) -> str:
    """Rows as aligned text: figure, range, goal, verdict."""
    verdict = {True: "met", False: "MISSED", None: ""}
    lines = []
    for row in rows:
        spread = f"{row.low:.2f}–{row.high:.2f}" if row.low is not None and row.high is not None else ""
        figure = f"{row.value:>9.2f} {row.unit:<4} {spread:<13}"
        lines.append(f"  {row.name:<62} {figure} {row.goal:<10} {verdict[row.met]:<7} {row.note}")
    return "\n".join(line.rstrip() for line in lines)


def write_json(rows: list[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = {"processors": os.cpu_count(), "at": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
    path.write_text(
        json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, indent=1, ensure_ascii=False)
    )
