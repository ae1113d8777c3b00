"""Figures in one fixed context, cut for the table, rounded for people, written the same on every machine."""

import json
from collections.abc import Collection, Hashable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any, TypeVar

T = TypeVar("T")
FULL = Decimal(100)
ZERO = Decimal(0)
STORED = Decimal("0.00000001")
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
# Made once: every case that is weighed is written by it. What it is given is a tree that was just made.
_CANONICAL = json.JSONEncoder(check_circular=False, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(data: Any) -> bytes:
    return _CANONICAL.encode(data).encode()


def stored(value: Decimal) -> Decimal:
    """Cut after 8 decimals: a figure just below a band stays below it."""
    return value.quantize(STORED, rounding=ROUND_DOWN)


def text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    shortest = value.normalize(CONTEXT)
    plain = str(shortest)
    # Only of what is very small, or ends in noughts before the point, is an exponent written.
    return format(shortest, "f") if "E" in plain else plain


def mean(figures: Sequence[Decimal]) -> Decimal:
    """Of one figure or more, unrounded."""
    with localcontext(CONTEXT):
        return sum(figures, ZERO) / len(figures)


def weighted_mean(figures: Sequence[tuple[int, Decimal]]) -> Decimal:
    """Of pairs (how many, their mean), unrounded."""
    with localcontext(CONTEXT):
        return sum((n * value for n, value in figures), ZERO) / sum(n for n, _value in figures)


def unlinked(groups: Iterable[Collection[Hashable]]) -> int:
    """How many groups there are when those that share a member count as one."""
    lots: list[set[Hashable]] = []
    for members in groups:
        shared = [lot for lot in lots if not lot.isdisjoint(members)]
        lots = [lot for lot in lots if lot.isdisjoint(members)]
        lots.append(set(members).union(*shared))
    return len(lots)


def in_whole_batches(given: Iterable[tuple[Collection[Hashable], T]], smallest: int) -> list[list[T]]:
    """The whole batches that can be made of what was given, in their order; what is left over waits.

    :param given: (whose, what), the earliest first; whose: the people and the case. A batch ends when it holds
        `smallest` that have neither in common: what it tells is told of so many people, and of so many cases.
    """
    batches: list[list[T]] = []
    people: list[Collection[Hashable]] = []
    waiting: list[T] = []
    for whose, what in given:
        people.append(whose)
        waiting.append(what)
        if unlinked(people) == smallest:
            batches.append(waiting)
            people, waiting = [], []
    return batches
