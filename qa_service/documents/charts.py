"""Charts, drawn once as shapes and then either as SVG for a page or onto a PDF.

The SVG carries attributes only (a strict CSP forbids inline style), ids of its own, `role="img"`, a title and a
description. Fonts are the page's; nothing here needs ReportLab or prepared fonts.
"""

from collections.abc import Iterator
from typing import Protocol
from xml.etree import ElementTree as ET

from qa_service.documents import bars, heat, histogram, opinions, plots, scatter
from qa_service.documents.content import (
    BarChart,
    Chart,
    HeatChart,
    HistogramChart,
    OpinionChart,
    PlotChart,
    ScatterChart,
)
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import Area, Box, Colour, Shape, Sign, Stroke, Words


class _Paper(Protocol):
    def text(self, x: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> float: ...
    def right(self, right: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> None: ...
    def centred(self, middle: float, y: float, text: str, role: str, size: float, *, colour: Colour = ...) -> None: ...
    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None: ...
    def stroke(
        self, x: float, y: float, to: tuple[float, float], thickness: float, colour: Colour, *, dashed: bool
    ) -> None: ...
    def sign(self, x: float, y: float, size: float, colour: Colour, *, ring: bool, pointed: bool) -> None: ...


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
        case PlotChart():
            return plots.height(chart)
        case HistogramChart():
            return histogram.height()


def svg(chart: Chart, *, ident: str, width: int = 640) -> str:
    """An `<svg>` element as text, safe to put into a page. `ident` must be unique on the page: it prefixes the ids."""
    tall = round(drawn_height(chart))
    named = {"role": "img", "aria-labelledby": f"{ident}-title {ident}-desc"}
    root = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {tall}", "class": "qa-chart"}
    )
    shapes = list(_shapes(chart, float(width)))
    linked = [shape for shape in shapes if isinstance(shape, Sign | Area) and shape.href]
    # A picture holds nothing to press, so links lie beside it. They are the mouse's: the table twin has the same ones.
    picture = ET.SubElement(root, "g", named) if linked else root
    if not linked:
        root.attrib.update(named)
    ET.SubElement(picture, "title", {"id": f"{ident}-title"}).text = one_line(chart.title)
    ET.SubElement(picture, "desc", {"id": f"{ident}-desc"}).text = _described(chart)
    for shape in shapes:
        if not (isinstance(shape, Sign | Area) and shape.href):
            _to_svg(picture, shape)
    if linked:
        links = ET.SubElement(root, "g", {"aria-hidden": "true"})
        for shape in linked:
            _to_svg(links, shape)
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
            case Stroke(x, y):
                end = (left + shape.to_x, top - shape.to_y)
                paper.stroke(left + x, top - y, end, shape.thickness, shape.colour, dashed=shape.dashed)
            case Sign(x, y, size):
                paper.sign(left + x, top - y, size, shape.colour, ring=shape.ring, pointed=shape.pointed)


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
        case PlotChart():
            return plots.shapes(chart, width)
        case HistogramChart():
            return histogram.shapes(chart, width)


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
        case PlotChart():
            return plots.described(chart)
        case HistogramChart():
            return histogram.described(chart)


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
        case Stroke():
            ends = {"x1": shape.x, "y1": shape.y, "x2": shape.to_x, "y2": shape.to_y, "stroke-width": shape.thickness}
            dashes = {"stroke-dasharray": "4 3"} if shape.dashed else {}
            written = {name: _figure(value) for name, value in ends.items()}
            ET.SubElement(root, "line", written | {"stroke": _hex(shape.colour)} | dashes)
        case Sign():
            _sign(root, shape)
        case Area(x, y, length, tall, href, tip):
            link = ET.SubElement(root, "a", {"href": href, "tabindex": "-1"})
            place = {"x": _figure(x), "y": _figure(y), "width": _figure(length), "height": _figure(tall)}
            element = ET.SubElement(link, "rect", place | {"fill-opacity": "0"})
            ET.SubElement(element, "title").text = tip


def _sign(root: ET.Element, sign: Sign) -> None:
    """In a link where a press leads somewhere."""
    parent = ET.SubElement(root, "a", {"href": sign.href, "tabindex": "-1"}) if sign.href else root
    half, colour = sign.size / 2, _hex(sign.colour)
    drawn = {"fill": "#FFFFFF", "stroke": colour, "stroke-width": "1.5"} if sign.ring else {"fill": colour}
    if sign.pointed:
        corners = ((0, -half), (half, 0), (0, half), (-half, 0))
        points = " ".join(f"{_figure(sign.x + x)},{_figure(sign.y + y)}" for x, y in corners)
        element = ET.SubElement(parent, "polygon", {"points": points} | drawn)
    else:
        where = {"cx": _figure(sign.x), "cy": _figure(sign.y), "r": _figure(half)}
        element = ET.SubElement(parent, "circle", where | drawn)
    if sign.tip:
        ET.SubElement(element, "title").text = sign.tip


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in colour)
