"""Charts, drawn once as shapes and then either as SVG for a page or onto a PDF.

The SVG carries attributes only (a strict CSP forbids inline style), ids of its own, `role="img"`, a title and a
description. Fonts are the page's; nothing here needs ReportLab or prepared fonts.
"""

from collections.abc import Iterator
from typing import Protocol
from xml.etree import ElementTree as ET

from qa_service.documents import bars, heat, opinions, scatter
from qa_service.documents.content import BarChart, Chart, HeatChart, OpinionChart, ScatterChart
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import Box, Colour, Shape, Words


class _Paper(Protocol):
    def text(self, x: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> float: ...
    def right(self, right: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> None: ...
    def centred(self, middle: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> None: ...
    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None: ...


def drawn_height(chart: Chart) -> float:
    """Points (or user units) from the chart's top to its bottom."""
    match chart:
        case BarChart():
            return bars.height(chart)
        case OpinionChart():
            return opinions.height(chart)
        case HeatChart():
            return heat.height(chart)
        case ScatterChart():
            return scatter.height()


def svg(chart: Chart, *, ident: str, width: int = 640) -> str:
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
    ET.SubElement(root, "desc", {"id": f"{ident}-desc"}).text = _described(chart)
    for shape in _shapes(chart, float(width)):
        _to_svg(root, shape)
    return ET.tostring(root, encoding="unicode")


def draw_chart(paper: _Paper, chart: Chart, *, left: float, top: float, width: float) -> None:
    """Draw on a PDF page with the chart's upper left corner at (left, top)."""
    for shape in _shapes(chart, width):
        match shape:
            case Box():
                paper.box(left + shape.x, top - shape.y - shape.height, shape.width, shape.height, shape.colour)
            case Words(x, y, text, size):
                role = "hei" if shape.strong else "song"
                place = {"end": paper.right, "middle": paper.centred}.get(shape.anchor, paper.text)
                place(left + x, top - y, text, role, size, colour=shape.colour)


def _shapes(chart: Chart, width: float) -> Iterator[Shape]:
    match chart:
        case BarChart():
            return bars.shapes(chart, width)
        case OpinionChart():
            return opinions.shapes(chart, width)
        case HeatChart():
            return heat.shapes(chart, width)
        case ScatterChart():
            return scatter.shapes(chart, width)


def _described(chart: Chart) -> str:
    match chart:
        case BarChart():
            return bars.described(chart)
        case OpinionChart():
            return opinions.described(chart)
        case HeatChart():
            return heat.described(chart)
        case ScatterChart():
            return scatter.described(chart)


def _to_svg(root: ET.Element, shape: Shape) -> None:
    match shape:
        case Box(x, y, length, tip):
            element = ET.SubElement(
                root,
                "rect",
                {
                    "x": _figure(x), "y": _figure(y), "width": _figure(length), "height": _figure(shape.height),
                    "fill": _hex(shape.colour),
                },
            )  # fmt: skip
            if tip:
                ET.SubElement(element, "title").text = tip
        case Words(x, y, text, size):
            element = ET.SubElement(
                root,
                "text",
                {
                    "x": _figure(x), "y": _figure(y), "font-size": _figure(size), "text-anchor": shape.anchor,
                    "fill": _hex(shape.colour), "font-weight": "600" if shape.strong else "400",
                },
            )  # fmt: skip
            element.text = text


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in colour)
