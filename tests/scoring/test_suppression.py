"""What is published of a table, against somebody who solves its equations."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.suppression import LEAST, published, with_totals

TABLES = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 9), min_size=wide, max_size=wide), min_size=1, max_size=4)
)


Cell = tuple[int, int]


def lines_of(shown: Sequence[Sequence[int | None]]) -> list[list[Cell]]:
    """The cells of each row and each column, its total last."""
    rows, columns = range(len(shown)), range(len(shown[0]))
    return [*([(r, c) for c in columns] for r in rows), *([(r, c) for r in rows] for c in columns)]


def read_off(shown: list[list[int | None]]) -> list[int]:
    """What the hidden counts of each line come to together, wherever its total is published."""
    found = []
    for *parts, (r, c) in lines_of(shown):
        total = shown[r][c]
        if total is not None:
            found.append(total - sum(shown[row][column] or 0 for row, column in parts))
    return found


def worked_out(shown: list[list[int | None]]) -> dict[Cell, Fraction]:
    """Every hidden cell that the sums of rows and columns determine, by elimination."""
    hidden = [(r, c) for r, row in enumerate(shown) for c, value in enumerate(row) if value is None]
    system = []
    for *parts, total in lines_of(shown):
        known = sum((shown[r][c] or 0) * (-1 if (r, c) == total else 1) for r, c in (*parts, total))
        signs = {cell: Fraction(-1 if cell == total else 1) for cell in (*parts, total)}
        inside = set(parts) | {total}
        system.append([signs[cell] if cell in inside else Fraction(0) for cell in hidden] + [Fraction(-known)])
    for at in range(len(hidden)):
        pivot = next((row for row in system if row[at] and not any(row[:at])), None)
        if pivot is None:
            continue
        system.remove(pivot)
        pivot = [value / pivot[at] for value in pivot]
        system = [[a - row[at] * b for a, b in zip(row, pivot, strict=True)] for row in system] + [pivot]
    found = {}
    for row in system:
        of = [at for at in range(len(hidden)) if row[at]]
        if len(of) == 1:
            found[hidden[of[0]]] = row[-1] / row[of[0]]
    return found


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_nobody_works_out_a_small_count_from_what_is_published(rows: list[list[int]]) -> None:
    shown, full = published(rows), with_totals(rows)

    assert all(value is None or value == full[r][c] for r, row in enumerate(shown) for c, value in enumerate(row))
    assert not any(0 < (value or 0) < LEAST for row in shown for value in row)
    assert worked_out(shown) == {}
    assert not any(0 < together < LEAST for together in read_off(shown))


def test_counts_that_come_to_fewer_than_five_together_are_hidden_with_another() -> None:
    """Of the two in each row nobody knows which has how many; that they are two people, the total would tell."""
    assert published([[1, 1, 20], [1, 1, 20], [20, 20, 20]]) == [
        [None, None, None, 22],
        [None, None, None, 22],
        [None, None, 20, 60],
        [22, 22, 60, 104],
    ]


def test_a_table_without_small_counts_is_published_whole_and_others_lose_little() -> None:
    assert published([[5, 6], [7, 0]]) == [[5, 6, 11], [7, 0, 7], [12, 6, 18]]
    assert published([[12, 31, 14, 1], [13, 9, 7, 0]]) == [
        [12, 31, None, None, 58],
        [13, 9, 7, 0, 29],
        [25, 40, None, None, 87],
    ]


def test_a_table_with_a_count_below_zero_is_none() -> None:
    with pytest.raises(ValueError, match="negative"):
        published([[-1]])
