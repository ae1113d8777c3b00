"""Figures in one fixed context, cut for the table, rounded for people, written the same on every machine."""

import json
from collections.abc import Hashable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

FULL = Decimal(100)
ZERO = Decimal(0)
STORED = Decimal("0.00000001")
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)


def canonical(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def stored(value: Decimal) -> Decimal:
    """Cut after 8 decimals: a figure just below a band stays below it."""
    return value.quantize(STORED, rounding=ROUND_DOWN)


def text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(CONTEXT), "f")


def mean(figures: Sequence[Decimal]) -> Decimal:
    """Of one figure or more, unrounded."""
    with localcontext(CONTEXT):
        return sum(figures, ZERO) / len(figures)


def weighted_mean(figures: Sequence[tuple[int, Decimal]]) -> Decimal:
    """Of pairs (how many, their mean), unrounded."""
    with localcontext(CONTEXT):
        return sum((n * value for n, value in figures), ZERO) / sum(n for n, _value in figures)


def in_whole_batches(given: Iterable[tuple[Hashable, bool]], smallest: int) -> tuple[int, int]:
    """How many answers lie in whole batches, and how many of them are positive.

    :param given: (whose, whether positive), the earliest first. A batch ends with its `smallest`-th different person:
        between two dates nothing changes by the answer of fewer.
    """
    counted, positive = 0, 0
    people: set[Hashable] = set()
    waiting: list[bool] = []
    for person, good in given:
        people.add(person)
        waiting.append(good)
        if len(people) == smallest:
            counted, positive = counted + len(waiting), positive + sum(waiting)
            people.clear()
            waiting.clear()
    return counted, positive
