"""Which counts of a table may be published: none from which a group of fewer than five people could be worked out.

A cell below five is hidden, and with it as many others as are needed so that no sum gives it away: rows, columns and
totals are equations, and a hidden cell is safe where it lies on a closed path of hidden cells.
"""

from collections.abc import Iterator, Sequence

LEAST = 5  # people; a zero names nobody
Cell = tuple[int, int]


def with_totals(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """The same with a sum at the end of each row, and a last row of sums."""
    full = [[*row, sum(row)] for row in rows]
    return [*full, [sum(column) for column in zip(*full, strict=True)]] if full else []


def published(rows: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """The counts with their totals as they may be read by everybody; None is not published.

    :raises ValueError: a count below zero, or rows of different lengths.
    """
    if any(value < 0 for row in rows for value in row):
        raise ValueError("a count is not negative")
    grid = with_totals(rows)
    hidden = {(r, c) for r, row in enumerate(grid) for c, value in enumerate(row) if 0 < value < LEAST}
    while more := next(_to_hide(grid, hidden), None):
        hidden |= more
    return [[None if (r, c) in hidden else value for c, value in enumerate(row)] for r, row in enumerate(grid)]


def _to_hide(grid: list[list[int]], hidden: set[Cell]) -> Iterator[set[Cell]]:
    """What to hide besides, for each hidden cell or hidden sum of a line that could be worked out."""
    for cell in sorted(hidden):
        if not _on_a_closed_path(cell, hidden):
            yield _cheapest_path(grid, cell, hidden)
    for line in _lines(grid):
        *parts, total = line
        lost = sum(grid[r][c] for r, c in parts if (r, c) in hidden)
        seen = [cell for cell in line if cell not in hidden]
        if 0 < lost < LEAST and total in seen:
            yield {min(seen, key=lambda cell: (_cost(grid, cell), cell))}


def _cheapest_path(grid: list[list[int]], cell: Cell, hidden: set[Cell]) -> set[Cell]:
    """The cells that close a rectangle with this one and say least: one always can, for each line has its total."""
    row, column = cell
    corners = (
        {(row, c), (r, column), (r, c)} - hidden
        for r in range(len(grid))
        for c in range(len(grid[0]))
        if r != row and c != column
    )
    return min(corners, key=lambda others: (sum(_cost(grid, each) for each in others), sorted(others)))


def _cost(grid: list[list[int]], cell: Cell) -> int:
    """What is lost with a cell. A zero is no secret, and hiding it would hint at one: last of all."""
    return grid[cell[0]][cell[1]] or 10**9


def _lines(grid: list[list[int]]) -> Iterator[list[Cell]]:
    for r, row in enumerate(grid):
        yield [(r, c) for c in range(len(row))]
    for c in range(len(grid[0]) if grid else 0):
        yield [(r, c) for r in range(len(grid))]


def _on_a_closed_path(cell: Cell, hidden: set[Cell]) -> bool:
    """Whether row and column of the cell hang together by other hidden cells: then it is not determined."""
    others = hidden - {cell}
    rows, columns, waiting = {cell[0]}, set[int](), [("row", cell[0])]
    while waiting:
        kind, at = waiting.pop()
        if kind == "row":
            found = {c for r, c in others if r == at} - columns
            columns |= found
            waiting += [("column", each) for each in found]
        else:
            met = {r for r, c in others if c == at} - rows
            rows |= met
            waiting += [("row", each) for each in met]
    return cell[1] in columns
