from xml.etree import ElementTree as ET

from qa_service.documents.charts import svg
from qa_service.documents.content import Bar, BarChart

CHART = BarChart(
    "优秀、良好合计占74.1%", (Bar("优秀", 12, "件"), Bar("良好", 31, "件"), Bar("不合格", 0, "件")), "按评定等次"
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: BarChart = CHART) -> ET.Element:
    return ET.fromstring(svg(chart, ident="grades"))


def test_a_strict_policy_finds_nothing_inline():
    assert not [element for element in drawn().iter() if {"style", "onclick", "href"} & set(element.keys())]
    assert not list(drawn().iter(f"{SVG}style")) + list(drawn().iter(f"{SVG}script"))


def test_a_screen_reader_hears_title_and_every_count():
    root = drawn()
    spoken = {element.get("id"): element.text for element in root if element.get("id")}

    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == ["grades-title", "grades-desc"]
    assert spoken == {"grades-title": CHART.title, "grades-desc": "按评定等次. 优秀: 12; 良好: 31; 不合格: 0"}


def test_bars_are_as_long_as_their_counts():
    widths = [float(bar.get("width", "")) for bar in drawn().iter(f"{SVG}rect")]

    assert len(widths) == 2
    assert round(widths[0] / widths[1], 2) == round(12 / 31, 2)


def test_typed_text_stays_text():
    assert "<b>x</b>&" in [text.text for text in drawn(BarChart("t", (Bar("<b>x</b>&", 1),))).iter(f"{SVG}text")]


def test_a_chart_of_nothing_is_still_a_picture():
    assert drawn(BarChart("本期没有结果", ())).get("viewBox") == "0 0 640 62"
