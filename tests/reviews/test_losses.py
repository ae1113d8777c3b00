"""Where points are lost: shares, ranks and colours, from numbers alone."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from qa_service.documents.charts import svg
from reviews.documents.figures.charts import losses_chart
from reviews.figures.losses import Loss, LossMap, loss_map

POINTS = {"A1": Decimal(10), "A2": Decimal(30)}
SVG = "{http://www.w3.org/2000/svg}"


def found() -> LossMap:
    careful = [(1, "A1", Decimal(100), 5), (1, "A2", Decimal(100), 4)]
    careless = [(2, "A1", Decimal(75), 5), (2, "A2", Decimal(40), 5)]
    newcomer = [(3, "A1", Decimal(0), 4), (3, "A2", Decimal(0), 4)]
    return loss_map({3: 4, 1: 5, 2: 5}, [*newcomer, *careful, *careless], POINTS)


def test_a_loss_is_of_the_files_to_which_the_item_applied():
    by_lawyer = {each.lawyer: dict(zip(found().codes, each.items, strict=True)) for each in found().lawyers}

    assert by_lawyer[2] == {"A1": Loss(5, 25, 5), "A2": Loss(5, 60, 5)}
    assert by_lawyer[1] == {"A1": Loss(5, 0, 0), "A2": Loss(4, None, 0)}
    assert by_lawyer[3] == {"A1": Loss(4, None, 4), "A2": Loss(4, None, 4)}, "of few, how many of how many"


def test_all_items_weigh_by_their_points():
    assert [each.whole for each in found().lawyers if each.lawyer == 2] == [Loss(5, 51)]  # 20.5 of 40


def test_the_costliest_stands_first_and_whoever_has_few_files_last_without_a_rank():
    assert found().codes == ("A2", "A1")
    assert [each.lawyer for each in found().lawyers] == [2, 1, 3]
    assert found().lawyers[-1].whole == Loss(4, None)


def test_nothing_read_is_an_empty_map():
    assert loss_map({}, [], POINTS).all.whole == Loss(0, None)


@pytest.mark.parametrize(("lost", "level"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (20, 3), (39, 3), (40, 4)])
def test_what_is_shown_decides_the_colour(lost, level):
    assert Loss(5, lost).level == level


def test_few_files_have_no_colour_and_every_cell_is_heard():
    chart = losses_chart("失分", ["张三", "李四"], [("A1 会见", [(Loss(4, None, 3), ""), (Loss(9, 33, 5), "")])])
    root = ET.fromstring(svg(chart, ident="losses"))

    assert len(list(root.iter(f"{SVG}rect"))) == 1
    assert root[1].text == "A1 会见: 张三 3/4, 李四 33"


def test_a_press_on_a_cell_leads_to_its_files_and_changes_nothing_that_is_seen():
    cells = [(Loss(4, None, 3), "/few"), (Loss(9, 33, 5), "/many"), (Loss(0, None, 0), "/none")]
    root = ET.fromstring(svg(losses_chart("失分", ["张三", "李四", "王五"], [("A1 会见", cells)]), ident="losses"))

    links = {link.get("href"): link[0] for link in root.iter(f"{SVG}a")}
    assert list(links) == ["/few", "/many"], "behind nothing there is nothing"
    assert {area.get("fill-opacity") for area in links.values()} == {"0"}
    assert [area[0].text for area in links.values()] == ["A1 会见, 张三 3/4", "A1 会见, 李四 33"]
    assert [box.get("fill-opacity") for box in root.iter(f"{SVG}rect")].count(None) == 1
    assert root[0].get("role") == "img"
