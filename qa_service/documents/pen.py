"""Marks on paper: runs of text in the right face, rules, boxes. The only module that touches a ReportLab canvas."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from qa_service.documents.errors import MissingGlyph
from qa_service.documents.faces import Font, FontBook
from qa_service.documents.geometry import PAGE_HEIGHT, PAGE_WIDTH, TRACKING
from qa_service.documents.linebreaks import FULLEST_SQUEEZE, Atom, is_ideographic, natural_width

Colour = tuple[float, float, float]
BLACK: Final[Colour] = (0.0, 0.0, 0.0)
GREY: Final[Colour] = (0.35, 0.35, 0.35)
_WIDEST_GAP: Final = 8.0  # points a justified line may be spread at each place; beyond that it stays ragged


class Pen:
    """Draws one document. Characters no face holds are collected, and `bytes` then refuses with all of them at once."""

    def __init__(
        self, fonts: FontBook, *, title: str, author: str, language: str = "zh-CN", across: bool = False
    ) -> None:
        self.fonts = fonts
        self._buffer = BytesIO()
        self._canvas = Canvas(
            self._buffer,
            pagesize=(PAGE_HEIGHT, PAGE_WIDTH) if across else (PAGE_WIDTH, PAGE_HEIGHT),
            pageCompression=1,
            invariant=1,
            initialFontName=fonts.default_name,  # type: ignore[arg-type]  # the stubs are wrong
            lang=language,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._missing: set[str] = set()
        self._colour: Colour | None = None

    def bytes(self) -> bytes:
        """Raises `MissingGlyph`."""
        if self._missing:
            raise MissingGlyph("".join(sorted(self._missing)))
        self._canvas.save()
        return self._buffer.getvalue()

    def bookmark(self, title: str) -> None:
        """Let the outline of the file lead to the page that is drawn now."""
        place = f"page-{self._canvas.getPageNumber()}"
        self._canvas.bookmarkPage(place)
        self._canvas.addOutlineEntry(title, place)

    def end_page(self) -> None:
        self._canvas.showPage()
        self._colour = None

    def text(
        self, x: float, y: float, text: str, role: str, size: float, *, spacing: float = 0.0, colour: Colour = BLACK
    ) -> float:
        """Write from `x` along the baseline `y`; the width used comes back."""
        start = x
        for font, run in self.fonts.runs(role, text):
            x += self._run(x, y, run, font, size, spacing, colour)
        return x - start

    def centred(self, middle: float, y: float, text: str, role: str, size: float, *, colour: Colour = BLACK) -> None:
        self.text(middle - self.width(text, role, size) / 2, y, text, role, size, colour=colour)

    def right(self, right: float, y: float, text: str, role: str, size: float, *, colour: Colour = BLACK) -> None:
        self.text(right - self.width(text, role, size), y, text, role, size, colour=colour)

    def width(self, text: str, role: str, size: float) -> float:
        return self.fonts.width(role, text, size)

    def line(
        self,
        x: float,
        y: float,
        atoms: list[Atom],
        size: float,
        *,
        fill: float | None = None,
        last: bool = False,
        tracking: float = TRACKING,
    ) -> None:
        """Write a broken line. With `fill` it is spread or squeezed to that width, a paragraph's `last` squeezed only.

        A closing mark hangs into the margin where squeezing alone would show.
        """
        extra = min(_spread(atoms, fill), 0.0) if last else _spread(atoms, fill)
        for (is_cell, _style), group in groupby(atoms, _kind):
            write = self._cells if is_cell else self._words
            x = write(x, y, list(group), size, tracking if is_cell else 0.0, extra)

    def _cells(self, x: float, y: float, atoms: list[Atom], size: float, tracking: float, gap: float) -> float:
        for font, run in self.fonts.runs(atoms[0].style, "".join(atom.text for atom in atoms)):
            x += self._run(x, y, run, font, size, tracking + gap, BLACK)
        return x

    def _words(self, x: float, y: float, atoms: list[Atom], size: float, _tracking: float, gap: float) -> float:
        for atom in atoms:
            self.text(x, y, atom.text, atom.style, size)
            x += atom.width + gap
        return x

    def rule(self, x: float, y: float, width: float, thickness: float, colour: Colour = BLACK) -> None:
        self._fill(colour)
        self._canvas.rect(x, y - thickness / 2, width, thickness, stroke=0, fill=1)

    def upright(self, x: float, top: float, bottom: float, thickness: float) -> None:
        self._fill(BLACK)
        self._canvas.rect(x - thickness / 2, bottom, thickness, top - bottom, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, thickness: float) -> None:
        """The outline of a box whose lower left corner is at (x, y)."""
        for edge in (y, y + height):
            self.rule(x - thickness / 2, edge, width + thickness, thickness)
        for side in (x, x + width):
            self.upright(side, y + height, y, thickness)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self._fill(colour)
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def stroke(
        self, x: float, y: float, to: tuple[float, float], thickness: float, colour: Colour, *, dashed: bool
    ) -> None:
        """A line from one point to another."""
        self._canvas.saveState()
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(thickness)
        if dashed:
            self._canvas.setDash(4, 3)
        self._canvas.line(x, y, *to)
        self._canvas.restoreState()

    def sign(self, x: float, y: float, size: float, colour: Colour, *, ring: bool, pointed: bool) -> None:
        """A dot, a ring or a diamond around its middle."""
        half = size / 2
        self._canvas.saveState()
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setFillColorRGB(*((1, 1, 1) if ring else colour))
        if pointed:
            path = self._canvas.beginPath()
            path.moveTo(x, y + half)
            for corner in ((x + half, y), (x, y - half), (x - half, y)):
                path.lineTo(*corner)
            path.close()
            self._canvas.drawPath(path, stroke=0, fill=1)
        else:
            self._canvas.circle(x, y, half, stroke=1 if ring else 0, fill=1)
        self._canvas.restoreState()

    def squares(self, x: float, y: float, side: float, rows: list[list[bool]]) -> None:
        """Fill the true cells of a square matrix whose lower left corner is at (x, y), as one path."""
        cell = side / len(rows)
        path = self._canvas.beginPath()
        for number, row in enumerate(rows):
            for start, stop in _stretches(row):
                path.rect(x + start * cell, y + side - (number + 1) * cell, (stop - start) * cell, cell)
        self._fill(BLACK)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def dashed_ring(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._canvas.saveState()
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setDash(3, 3)
        self._canvas.circle(x, y, radius, stroke=1, fill=0)
        self._canvas.restoreState()

    @contextmanager
    def turned(self, x: float, y: float, degrees: float) -> Iterator[None]:
        """Draw about (x, y), turned anticlockwise."""
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.rotate(degrees)
        yield
        self._canvas.restoreState()
        self._colour = None

    def _fill(self, colour: Colour) -> None:
        if colour != self._colour:
            self._canvas.setFillColorRGB(*colour)
            self._colour = colour

    def _run(
        self, x: float, y: float, run: str, font: Font | None, size: float, spacing: float, colour: Colour
    ) -> float:
        if font is None:
            self._missing.update(run)
            return size * len(run)
        self._fill(colour)
        self._canvas.setFont(font.fontName, size)
        self._canvas.drawString(x, y, run, charSpace=spacing)
        return font.width(run, size) + spacing * len(run)


def _kind(atom: Atom) -> tuple[bool, str]:
    """Single cells of one style are written in one go."""
    return len(atom.text) == 1 and is_ideographic(atom.text), atom.style


def _spread(atoms: list[Atom], fill: float | None) -> float:
    if fill is None or len(atoms) < 2:  # noqa: PLR2004 - a gap needs two sides
        return 0.0
    natural = natural_width(atoms)
    hangs = natural > fill * (1 + FULLEST_SQUEEZE)
    target = fill + atoms[-1].hang if hangs else fill
    return min((target - natural) / (len(atoms) - 1), _WIDEST_GAP)


def _stretches(row: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for column, dark in enumerate([*row, False]):
        if dark and start is None:
            start = column
        if not dark and start is not None:
            yield start, column
            start = None
