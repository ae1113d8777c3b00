"""A bar chart of counts, drawn once as shapes and then either as SVG for a page or onto a PDF.

The SVG carries attributes only (a strict CSP forbids inline style), ids of its own, `role="img"`, a title and a
description. Fonts are the page's; nothing here needs ReportLab or prepared fonts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol
from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

from qa_service.documents.content import BarChart
from qa_service.documents.printable import one_line

Colour = tuple[float, float, float]

BLUE: Final[Colour] = (0x0B / 255, 0x5C / 255, 0xAD / 255)
INK: Final[Colour] = (0x1B / 255, 0x1F / 255, 0x24 / 255)
MUTED: Final[Colour] = (0x55 / 255, 0x60 / 255, 0x6B / 255)
GREY: Final[Colour] = (0xB0 / 255, 0xB8 / 255, 0xC0 / 255)

_TITLE: Final = 26.0
_BAR: Final = 18.0
_PITCH: Final = 28.0
_LABELS: Final = 0.22  # of the width, more where a label needs it
_MOST_LABELS: Final = 0.4
_COUNTS: Final = 0.24
_TEXT: Final = 12.0
_GAP: Final = 8.0
_NARROW: Final = 0.58  # of its size, what a sign takes that is none of the wide ones


@dataclass(frozen=True, slots=True)
class _Bar:
    x: float
    y: float
    width: float
    tip: str
    colour: Colour = BLUE


@dataclass(frozen=True, slots=True)
class _Words:
    """`y` is the baseline, downwards from the top; `anchor` is start or end."""

    x: float
    y: float
    text: str
    size: float = _TEXT
    anchor: str = "start"
    colour: Colour = INK
    strong: bool = False


class _Paper(Protocol):
    def text(self, x: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> float: ...
    def right(self, right: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> None: ...
    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None: ...


def drawn_height(chart: BarChart) -> float:
    """Points (or user units) from the chart's top to its bottom."""
    return _TITLE + _PITCH * max(len(chart.bars), 1) + 8


def svg(chart: BarChart, *, ident: str, width: int = 640) -> str:
    """An `<svg>` element as text, safe to put into a page. `ident` must be unique on the page: it prefixes the ids."""
    tall = round(drawn_height(chart))
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {tall}",
            "role": "img",
            "aria-labelledby": f"{ident}-title {ident}-desc",
            "class": "qa-chart",
        },
    )
    ET.SubElement(root, "title", {"id": f"{ident}-title"}).text = one_line(chart.title)
    ET.SubElement(root, "desc", {"id": f"{ident}-desc"}).text = _description(chart)
    for shape in _shapes(chart, float(width)):
        _to_svg(root, shape)
    return ET.tostring(root, encoding="unicode")


def draw_bars(paper: _Paper, chart: BarChart, *, left: float, top: float, width: float) -> None:
    """Draw on a PDF page with the chart's upper left corner at (left, top)."""
    for shape in _shapes(chart, width):
        match shape:
            case _Bar(x, y, length):
                paper.box(left + x, top - y - _BAR, length, _BAR, shape.colour)
            case _Words(x, y, text, size, "end"):
                paper.right(left + x, top - y, text, "song", size, colour=shape.colour)
            case _Words(x, y, text, size):
                role = "hei" if shape.strong else "song"
                paper.text(left + x, top - y, text, role, size, colour=shape.colour)


def _shapes(chart: BarChart, width: float) -> Iterator[_Bar | _Words]:
    yield _Words(0, 14, one_line(chart.title), 13.0, strong=True)
    start = _labels_width(chart, width)
    room = width * (1 - _COUNTS) - start
    longest = max((bar.count for bar in chart.bars), default=0) or 1
    for number, bar in enumerate(chart.bars):
        y = _TITLE + number * _PITCH
        length = room * bar.count / longest
        words = y + _BAR / 2 + _TEXT * 0.36
        yield _Words(start - _GAP, words, one_line(bar.label), anchor="end")
        if bar.count:
            colour = GREY if chart.muted else BLUE
            yield _Bar(start, y, length, f"{one_line(bar.label)} {bar.count}", colour)
        yield _Words(start + length + _GAP, words, one_line(f"{bar.count}{bar.note}"), colour=MUTED)


def _labels_width(chart: BarChart, width: float) -> float:
    """Room for the longest label. The page's fonts are not known here: a sign is taken to be as wide as in most."""
    longest = max((_text_width(one_line(bar.label)) for bar in chart.bars), default=0.0)
    return max(width * _LABELS, min(longest + _GAP, width * _MOST_LABELS))


def _text_width(text: str, size: float = _TEXT) -> float:
    return sum(size if east_asian_width(sign) in "WF" else size * _NARROW for sign in text)


def _to_svg(root: ET.Element, shape: _Bar | _Words) -> None:
    match shape:
        case _Bar(x, y, length, tip):
            element = ET.SubElement(
                root,
                "rect",
                {
                    "x": _figure(x), "y": _figure(y), "width": _figure(length), "height": _figure(_BAR),
                    "fill": _hex(shape.colour),
                },
            )  # fmt: skip
            ET.SubElement(element, "title").text = tip
        case _Words(x, y, text, size):
            element = ET.SubElement(
                root,
                "text",
                {
                    "x": _figure(x), "y": _figure(y), "font-size": _figure(size), "text-anchor": shape.anchor,
                    "fill": _hex(shape.colour), "font-weight": "600" if shape.strong else "400",
                },
            )  # fmt: skip
            element.text = text


def _description(chart: BarChart) -> str:
    counted = "; ".join(f"{one_line(bar.label)}: {bar.count}" for bar in chart.bars)
    return ". ".join(part for part in (one_line(chart.description), counted) if part)


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in colour)
