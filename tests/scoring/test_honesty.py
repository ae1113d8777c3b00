"""Signs that figures look better than the work is: in tables, and as whoever supervises reads them."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.enums import FlagKind
from qa_service.cases.services import raise_risk_flag
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.gaps import Gap, surplus
from scoring.enums import Grade, Monitor
from scoring.honesty import (
    HeardCount,
    Modes,
    Surplus,
    UnitCount,
    changed_schemes,
    dropped,
    inflated,
    moved_modes,
    self_praise,
    unreached,
)
from scoring.models import CaseScore
from scoring.queries.honesty import just_before
from scoring.queries.schemes import scheme_in_force
from tests import factories
from tests.factories import NOW
from tests.scoring import factories as rows
from tests.scoring.deciding import MONDAY, office
from tests.scoring.test_decision_pages import browser, queries, text


@pytest.mark.parametrize(
    ("counts", "units"),
    [
        ([(46, 50), (12, 50), (10, 40)], ["0"]),
        ([(19, 19), (12, 50), (10, 40)], []),  # too few
        ([(46, 50), (19, 19)], []),  # nobody to compare with
        ([(20, 50), (12, 50), (10, 40)], []),  # the intervals meet
        ([(0, 50), (0, 50)], []),
    ],
)
def test_excellence_beyond_the_others_is_told(counts: list[tuple[int, int]], units: list[str]) -> None:
    given = [UnitCount(str(at), *each) for at, each in enumerate(counts)]

    assert [found.figures["unit"] for found in inflated(given)] == units


@pytest.mark.parametrize(
    ("counts", "found"),
    [((2, 30, 40, 50), True), ((2, 19, 40, 50), False), ((20, 30, 40, 50), False), ((30, 30, 2, 50), False)],
)
def test_clients_of_poor_files_who_are_heard_least_are_told(counts: tuple[int, int, int, int], found: bool) -> None:
    assert bool([*unreached([HeardCount("甲", *counts)])]) == found


@pytest.mark.parametrize(
    ("part", "whole", "found"), [(4, 4, False), (3, 5, True), (1, 5, False), (0, 100, False), (20, 100, True)]
)
def test_flagged_cases_that_nobody_read_are_told(part: int, whole: int, found: bool) -> None:
    assert bool([*dropped([UnitCount("甲", part, whole)])]) == found


@pytest.mark.parametrize(
    ("points", "found"),
    [
        (["12", "15", "9", "11", "10"], {"unit": "甲所", "whole": "5", "part": "4", "mean": "11.4"}),
        (["12", "15", "9", "11"], None),
        (["12", "15", "-20", "11", "10"], None),
    ],
)
def test_a_firm_that_praises_itself_is_told(points: list[str], found: dict[str, str] | None) -> None:
    told = [dict(each.figures) for each in self_praise([Surplus("甲所", tuple(map(Decimal, points)))])]

    assert told == ([found] if found else [])


def test_what_a_firm_saw_too_well_and_too_badly_is_set_off() -> None:
    worth, unmarked = Decimal(10), Gap("B1", Decimal(10), None, Decimal(5))
    well, badly = Gap("A1", worth, worth, Decimal(5)), Gap("A2", worth, Decimal(5), Decimal(6))

    assert surplus([well, badly, unmarked]) == Decimal(20)
    assert surplus([unmarked]) is None


@pytest.mark.parametrize(
    ("now", "before", "modes"),
    [
        ({"sms": 10, "telephone": 10}, {"telephone": 20}, ["sms", "telephone"]),
        ({"sms": 4, "telephone": 16}, {"telephone": 20}, []),
        ({"sms": 10, "telephone": 9}, {"telephone": 20}, []),
    ],
)
def test_a_way_of_answering_that_moved_is_told(now: dict[str, int], before: dict[str, int], modes: list[str]) -> None:
    assert [found.figures["mode"] for found in moved_modes([Modes("甲", now, before)])] == modes


def test_a_scheme_that_changed_between_two_periods_is_told() -> None:
    units = {
        "甲": (frozenset({2}), frozenset({1})),
        "乙": (frozenset({2}), frozenset({2})),
        "丙": (frozenset({2}), frozenset()),
    }

    assert [dict(found.figures) for found in changed_schemes(units)] == [{"unit": "甲", "versions": "1, 2"}]


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period.quarter(2026, 1), Period.quarter(2025, 4)),
        (Period.year(2026), Period.year(2025)),
        (Period.year(1), Period.year(1)),
        (Period(date(2026, 3, 10), date(2026, 3, 20)), Period(date(2026, 2, 28), date(2026, 3, 10))),
    ],
)
def test_before_a_period_lies_one_of_its_kind(period: Period, before: Period) -> None:
    assert just_before(period) == before


def graded(centre: Organisation, grade: Grade) -> CaseScore:
    case = factories.case(centre, closed_on=date(2026, 8, 3))
    return CaseScore(
        case=case, scheme=scheme_in_force(), lawyer=case.lawyer, firm=case.firm, centre=centre,
        case_type=case.case_type, closed_on=case.closed_on, score=Decimal(80), grade=grade, provisional=False,
        coverage=Decimal(100), review_version=1, evidence_version=1, released_on=NOW.date(), derivation="{}",
        sha256="0" * 64, computed_at=NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_supervisor_reads_the_signs_and_nobody_else_does() -> None:
    place = office()
    other = factories.centre(Organisation.objects.get_parent(place.centre))
    with time_machine.travel(MONDAY, tick=False):
        bureau, page = browser(place.supervisor), reverse("scoring:honesty")
        few = queries(bureau, page)
        for at in range(5):
            flagged = place.case(closed_on=date(2026, 8, 3 + at))
            raise_risk_flag(case_id=flagged.pk, kind=FlagKind.BAD_RATING, actor=factories.ACTOR, now=NOW)
        rows.graded(flagged, 95, released_on=None)  # read, and the lawyer does not know of it
        CaseScore.objects.bulk_create(
            [graded(place.centre, Grade.EXCELLENT) for _each in range(20)]
            + [graded(other, Grade.GOOD) for _each in range(20)]
        )

        shown = text(bureau.get(page))

        assert f"{place.centre.name}: 20 of 20 graded files are excellent" in shown
        assert f"{place.centre.name}: of 5 cases that a sign of trouble stands against, 5 have no released" in shown
        assert shown.count("Nothing stands out.") == len(Monitor) - 2
        assert queries(bureau, page) <= few + 8
        assert bureau.get(page, {"period": "soon"}).status_code == 422
        assert browser(place.manager).get(page).status_code == 403
        stranger = factories.user(Role.SUPERVISOR, at=factories.organisation("bureau"))
        assert place.centre.name not in text(browser(stranger).get(page))
