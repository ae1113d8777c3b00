"""What is set for a year is read beside the year before; nobody sets it for a centre out of their reach."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import ClientGroup
from qa_service.organisations.models import Organisation
from scoring.enums import TargetMeasure
from scoring.figures.targets import days_over, growth_of, progress
from scoring.models import YearTarget
from scoring.queries.targets import year_of
from tests import factories
from tests.factories import NOW

TENTH = Decimal(10)


@pytest.mark.parametrize(
    ("growth", "amount", "so_far", "last", "expected"),
    [
        (TENTH, None, 55, 100, (Decimal(110), Decimal("50.0"), False)),
        (TENTH, None, 54, 100, (Decimal(110), Decimal("49.1"), True)),
        (Decimal(-50), None, 25, 100, (Decimal(50), Decimal("50.0"), False)),
        (None, Decimal(200), 55, 0, (Decimal(200), Decimal("27.5"), True)),
        (TENTH, None, 55, 0, (None, None, False)),
    ],
)
def test_half_a_year_is_to_have_half_of_what_is_wanted(growth, amount, so_far, last, expected) -> None:
    found = progress(growth=growth, amount=amount, so_far=Decimal(so_far), last=Decimal(last), over=(182, 364))

    assert (found.wanted, found.reached, found.behind) == expected


def test_a_year_is_over_day_by_day_and_no_further() -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 3, 1)]

    assert [days_over(2026, day) for day in days] == [(0, 365), (0, 365), (364, 365), (365, 365)]
    assert days_over(2028, date(2029, 1, 1)) == (366, 366)


@pytest.mark.parametrize(
    ("now", "before", "cases_before", "growth"),
    [(11, 10, 10, "10.0"), (1, 0, 0, None), (32, 1, 1, None), (9, 4, 4, None), (3, 5, 5, "-40.0"), (9, 0, 9, None)],
)
def test_growth_is_told_from_five_cases_on(now: int, before: int, cases_before: int, growth: str | None) -> None:
    told = growth_of(Decimal(now), Decimal(before), cases_before=cases_before)

    assert told == (None if growth is None else Decimal(growth))


@pytest.fixture
def centre() -> Organisation:
    """Two cases of the year before, one of them later in it than today; two of this year, one of a migrant worker."""
    place = factories.centre()
    worker = factories.client(place, group="migrant_worker")
    for day, fields in (
        (date(2025, 3, 1), {"recovered_amount": 1000, "client": worker}),
        (date(2025, 12, 24), {"recovered_amount": 500, "case_type": "criminal"}),
        (date(2026, 2, 1), {"recovered_amount": 3000, "client": worker, "people_helped": 4}),
        (date(2026, 3, 1), {"case_type": "criminal"}),
    ):
        factories.case(place, closed_on=day, accepted_on=date(2024, 12, 1), assigned_on=None, filed_on=None, **fields)
    return place


def signed_in(centre: Organisation, role: Role = Role.MANAGER) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(role, at=centre))
    return browser


@pytest.mark.django_db
def test_the_year_stands_beside_the_same_days_of_the_year_before(
    centre: Organisation, django_assert_num_queries
) -> None:
    boss = factories.user(Role.MANAGER, at=centre)
    with django_assert_num_queries(3):  # with the person's reach
        found = year_of(boss, centre, 2026, today=NOW.date())
    whole, worker = found.whole, found.groups[ClientGroup.MIGRANT_WORKER]

    assert (whole.so_far.cases, whole.so_far.people, whole.so_far.recovered) == (2, 5, Decimal(3000))
    assert (whole.last.cases, whole.last_by_then.cases, whole.last_by_then.recovered) == (2, 1, Decimal(1000))
    assert (worker.so_far.people, worker.last.people) == (4, 1)
    assert {kind.value: part.so_far.cases for kind, part in found.types.items()} == {"civil": 1, "criminal": 1}


@pytest.mark.django_db
def test_a_target_is_set_read_set_anew_and_taken_back(centre: Organisation) -> None:
    browser, page = signed_in(centre), reverse("scoring:targets")
    with time_machine.travel(NOW, tick=False):
        first = browser.post(page, {"measure": "recovered", "growth": "10", "part": ""}, follow=True).content.decode()
        browser.post(page, {"measure": "recovered", "growth": "20", "part": ""})
        browser.post(page, {"measure": "cases", "amount": "2", "part": "type:criminal"})
        both = browser.post(page, {"measure": "cases", "growth": "10", "amount": "5", "part": ""})
        odd = browser.post(page, {"measure": "cases", "growth": "1e9", "part": "group:nobody"})
        shown = browser.get(page).content.decode()
        file = browser.get(reverse("scoring:targets-csv")).content.decode("utf-8-sig")

    assert "200.0" not in first.partition("</table>")[0]
    assert "181.8" in first, "3000 of 1500 grown by a tenth"
    assert [(row.measure, row.case_type, row.growth, row.amount) for row in YearTarget.objects.order_by("pk")] == [
        ("recovered", "", Decimal(20), None),
        ("cases", "criminal", None, Decimal(2)),
    ]
    assert (both.status_code, odd.status_code) == (422, 422)
    assert "50.0" in shown
    assert "3,000.00" in shown.partition('id="part-1"')[2]
    assert "1800.00,3000.00,166.7" in file
    target = YearTarget.objects.order_by("pk")[0]
    assert browser.post(reverse("scoring:drop-target", args=[target.public_id])).status_code == 302
    assert YearTarget.objects.count() == 1
    acts = list(
        Entry.objects.filter(action__startswith="scoring.target").order_by("pk").values_list("action", flat=True)
    )
    assert acts == ["scoring.target_set"] * 3 + ["scoring.target_dropped"]


@pytest.mark.django_db
def test_programs_set_them_too_and_nobody_reaches_another_centre(centre: Organisation) -> None:
    program, stranger = APIClient(), APIClient()
    program.force_authenticate(factories.user(Role.SUPERVISOR, at=centre))
    stranger.force_authenticate(factories.user(Role.MANAGER, at=factories.centre()))
    address = f"{reverse('api-targets')}?centre={centre.code}&year=2026"
    with time_machine.travel(NOW, tick=False):
        told = program.put(address, {"measure": "people", "growth": "150", "group": "migrant_worker"}).json()
        neither = program.put(address, {"measure": "people"})
        refused = [
            stranger.get(address).status_code,
            stranger.put(address, {"measure": "people", "growth": "1"}).status_code,
        ]
        one = reverse("api-target", args=[told["targets"][0]["id"]])
        refused += [stranger.delete(one).status_code, program.delete(one).status_code, program.delete(one).status_code]

    (target,) = told["targets"]
    assert (target["wanted"], target["so_far"], target["reached"]) == ("2.50", "4.00", "160.0")
    assert neither.status_code == 422
    assert refused == [404, 404, 404, 204, 404]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"growth": 10, "amount": 5}, {}, {"growth": 10, "case_type": "civil", "group": "minor"}]
)
def test_the_database_keeps_no_target_that_says_two_things(centre: Organisation, wrong: dict[str, object]) -> None:
    boss = factories.user(Role.MANAGER, at=centre)
    with pytest.raises(IntegrityError):
        YearTarget.objects.create(
            centre=centre, year=2026, measure=TargetMeasure.CASES, set_by=boss, set_at=NOW, **wrong
        )
