"""The overview of quality: marks that mean something, the same numbers in table, file and picture, and their cases."""

import csv
import io
import re
from datetime import date
from math import comb
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.accounts.enums import Role
from qa_service.cases.enums import CaseType
from qa_service.common.periods import Period
from qa_service.documents.content import Form
from qa_service.organisations.models import Organisation
from scoring.documents.figures.charts import funnel_chart, run_chart
from scoring.figures.distribution import distribution
from scoring.figures.funnel import Counted, Zone, funnel
from scoring.figures.limits import ACTION, WARNING, limits
from scoring.figures.run import Signal, run
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.scoring.factories import graded, scheme


def tail(count: int, n: int, share: float) -> float:
    """The chance of so many or fewer, added up term by term."""
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count + 1))


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(1, 99), st.sampled_from([WARNING, ACTION]))
def test_no_more_than_the_tail_lies_outside_the_limits_and_one_step_further_in_more_would(
    n: int, percent: int, level: tuple[float, float]
) -> None:
    share = percent / 100
    low, high = (round(end * n) for end in limits(share, n, level))

    assert tail(low - 1, n, share) <= level[0] + 1e-9
    assert tail(low, n, share) > level[0] - 1e-9
    assert 1 - tail(high, n, share) <= level[0] + 1e-9
    assert 1 - tail(high - 1, n, share) > level[0] - 1e-9


def test_a_unit_is_looked_into_where_chance_does_not_explain_it_and_never_below_five_cases() -> None:
    equal = [Counted(unit=unit, good=16, n=20) for unit in range(1, 9)]
    found = funnel([*equal, Counted(unit=9, good=5, n=20), Counted(unit=10, good=0, n=4)])

    assert found is not None
    zones = {each.counted.unit: each.zone for each in found.placed}
    assert (zones[1], zones[9], zones[10]) == (Zone.WITHIN, Zone.FAR_LOW, Zone.FEW)
    marks = funnel_chart(found, dict.fromkeys(zones, "律所"), link=lambda _unit: "").marks
    assert [mark.y for mark in marks if mark.form is Form.RING] == [found.target], "its place tells no share either"
    few = funnel([*equal[:6], Counted(unit=9, good=6, n=20)])
    assert few is not None
    assert {each.zone for each in few.placed} == {Zone.WITHIN}, "seven units make no funnel"
    assert funnel([]) is None


def test_units_that_differ_more_than_by_chance_widen_the_limits_for_all() -> None:
    apart = [Counted(unit=unit, good=20 if unit % 2 else 80, n=100) for unit in range(12)]

    found = funnel(apart)

    assert found is not None
    assert found.spread > 20
    assert {each.zone for each in found.placed} == {Zone.WITHIN}


@pytest.mark.parametrize(
    ("shares", "signal"),
    [
        ([8] * 7, Signal.EARLY),
        ([7, 9, 8, 7, 9, 8, 7, 9], Signal.STEADY),
        ([9, 9, 9, 9, 9, 9, 9, 1], Signal.POINT_LOW),
        ([10] * 8 + [7] * 8, Signal.RUN_LOW),
        ([7] * 8 + [9] * 8, Signal.RUN_HIGH),
    ],
)
def test_a_run_tells_a_change_from_chance(shares: list[int], signal: Signal) -> None:
    quarters = [Period.quarter(2020 + number // 4, number % 4 + 1) for number in range(len(shares))]

    found = run([(quarter, good, 10) for quarter, good in zip(quarters, shares, strict=True)])

    assert found is not None
    assert found.signal is signal


def test_the_line_of_a_run_breaks_off_at_a_quarter_of_few_cases() -> None:
    graded_in = [(1, 1), (7, 15), (26, 72), (0, 4), (5, 5)]
    found = run([(Period.quarter(2025 + n // 4, n % 4 + 1), *each) for n, each in enumerate(graded_in)])
    assert found is not None

    chart = run_chart(found, link=lambda _period: "")

    assert [[x for x, _y in curve.points] for curve in chart.curves if not curve.muted] == [[1, 2], [4]]
    assert [(mark.form, mark.y) for mark in chart.marks if mark.x in {0, 3}] == [(Form.RING, found.mean)] * 2


def test_a_step_that_more_than_half_lie_in_is_told() -> None:
    found = distribution({"民事": {17: 6, 18: 2}, "刑事": {20: 1}}, [90, 60, 80])

    assert (found.n, found.cuts, found.crowded) == (9, (60, 80, 90), (85, 67))
    assert found.at_least(90) == 3, "100 is in the last step"
    assert distribution({"民事": {17: 1, 18: 1}}, [90]).crowded is None


@pytest.fixture
def centre() -> Organisation:
    """Nine firms of five graded cases, one of them far below; another type of case in the quarter before."""
    centre = factories.centre()
    person = factories.client(centre)
    for number in range(9):
        firm = factories.firm(centre, name=f"第{number}律师事务所")
        lawyer = factories.lawyer(firm)
        for place in range(5):
            case = factories.case(centre, firm=firm, lawyer=lawyer, client=person)
            graded(case, 50 if not number else 81 + place)
    older = factories.case(centre, client=person, case_type=CaseType.CRIMINAL, closed_on=date(2026, 8, 1))
    graded(older, 95)
    return centre


@pytest.mark.django_db
def test_page_file_and_paper_say_the_same_and_each_mark_leads_to_its_cases(centre: Organisation, fonts: object) -> None:
    with time_machine.travel(NOW, tick=False):
        manager = Browser(headers={"accept-language": "en"})
        manager.force_login(factories.user(Role.MANAGER, at=centre))
        page = manager.get(reverse("scoring:glance")).content.decode()

        assert "1 lies below what chance leaves: 第0律师事务所." in page
        assert page.count('role="img"') == 4
        assert re.search(r"<title id=\"funnel0-title\">1 lies below", page)
        behind = re.search(r'<a href="(/scoring/scores\?[^"]+)" tabindex="-1"><polygon', page)
        assert behind
        cases = manager.get(behind[1].replace("&amp;", "&")).content.decode()
        assert (cases.count("/scoring/cases/"), cases.count("50.00")) == (5, 5)

        def rows(chart: str, **terms: Any) -> list[list[str]]:
            file = manager.get(reverse("scoring:glance-csv"), {"chart": chart} | terms).content.decode("utf-8-sig")
            return list(csv.reader(io.StringIO(file)))[1:]

        assert rows("funnel")[0][1:4] == ["5", "0", "0 %"] or [
            "第0律师事务所",
            "5",
            "0",
            "0 %",
            "below 99.8 %",
        ] in rows("funnel")
        assert [row[:3] for row in rows("run")] == [["2026-Q3", "1", "1"], ["2026-Q4", "45", "40"]]
        assert sum(int(n) for row in rows("scores") for n in row[1:]) == 46
        assert [row[:3] for row in rows("run", case_type="criminal")] == [["2026-Q3", "1", "1"]]
        paper = text_of(manager.get(reverse("scoring:glance-pdf")).content)
        assert "1liesbelowwhatchanceleaves:第0律师事务所." in "".join(paper.split())
        assert "2026-Q4" in paper
        assert manager.get(reverse("scoring:glance-csv"), {"chart": "none"}).status_code == 404
        assert manager.get(reverse("scoring:glance"), {"period": "soon"}).status_code == 404


@pytest.mark.django_db
def test_a_centre_without_grades_is_told_what_to_do() -> None:
    scheme()
    manager = Browser(headers={"accept-language": "en"})
    manager.force_login(factories.user(Role.MANAGER, at=factories.centre()))

    page = manager.get(reverse("scoring:glance")).content.decode()

    assert "No case of this selection has a grade yet." in page
    assert "No corrective task is open." in page
