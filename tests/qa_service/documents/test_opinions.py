"""Diverging bars: sides, lengths, words, and what is not drawn of few."""

from xml.etree import ElementTree as ET

import pytest

from qa_service.documents.charts import drawn_height, svg
from qa_service.documents.content import OpinionBar, OpinionChart, OpinionPart, Sheet, Side
from qa_service.documents.pdf import sheet

SVG = "{http://www.w3.org/2000/svg}"


def part(side: Side, share: float) -> OpinionPart:
    return OpinionPart(side.value, round(share * 100), share, f"{share:.0%}", side)


FULL = OpinionBar("总体满意吗？", tuple(part(side, 0.2) for side in Side), "n = 100")
FEW = OpinionBar("按时到了吗？", (), "n = 3")
CHART = OpinionChart("受援人的答复", (FULL, FEW))


def boxes(chart: OpinionChart = CHART) -> list[ET.Element]:
    return list(ET.fromstring(svg(chart, ident="o")).iter(f"{SVG}rect"))


def test_a_strict_policy_finds_nothing_inline_and_a_reader_hears_every_count():
    root = ET.fromstring(svg(CHART, ident="o"))

    assert not [element for element in root.iter() if {"style", "onclick", "href"} & set(element.keys())]
    assert (root.get("role"), root[0].text) == ("img", CHART.title)
    assert root[1].text == ("总体满意吗？: worst 20, poor 20, middle 20, good 20, best 20; 按时到了吗？: n = 3")


def test_what_is_against_lies_left_of_the_line_and_what_is_for_right_of_it():
    line, *parts = boxes()
    middle = float(line.get("x", "")) + float(line.get("width", "")) / 2
    ends = [(float(box.get("x", "")), float(box.get("x", "")) + float(box.get("width", ""))) for box in parts]

    worst, poor, between, good, best = ends
    assert worst[1] == pytest.approx(poor[0], abs=0.2)
    assert poor[1] < middle < good[0]
    assert between[0] + between[1] == pytest.approx(2 * middle, abs=0.4)
    assert best[1] <= 640.1


def test_parts_are_as_long_as_their_shares():
    _line, *parts = boxes(OpinionChart("t", (OpinionBar("q", (part(Side.WORST, 0.25), part(Side.BEST, 0.75))),)))

    assert [float(box.get("width", "")) for box in parts] == pytest.approx([160, 480], abs=0.2)


def test_of_few_nothing_is_drawn_but_how_many():
    assert boxes(OpinionChart("t", (FEW,))) == []
    assert "n = 3" in svg(OpinionChart("t", (FEW,)), ident="o")


def test_words_that_do_not_fit_are_left_to_the_table():
    thin = OpinionBar("q", (part(Side.WORST, 0.01), part(Side.BEST, 0.99)))
    written = [text.text for text in ET.fromstring(svg(OpinionChart("t", (thin,)), ident="o")).iter(f"{SVG}text")]

    assert "best 99%" in written
    assert "1%" not in written


def test_it_is_drawn_on_paper_too(fonts):
    assert sheet(Sheet("t", (CHART,)), folders=fonts).startswith(b"%PDF")
    assert drawn_height(CHART) > drawn_height(OpinionChart("t", (FULL,)))


def test_an_empty_chart_is_still_a_picture():
    assert "viewBox" in svg(OpinionChart("t", ()), ident="o")
