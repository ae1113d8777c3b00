"""A quarter has one name in addresses, and every door reads the older spelling too."""

from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD
from tests.scoring.factories import scored

pytestmark = pytest.mark.django_db

DOORS = [
    "scoring:coverage", "scoring:coverage-csv", "scoring:clocks", "scoring:clocks-csv", "scoring:glance",
    "scoring:glance-csv", "scoring:standings", "scoring:standings-csv", "scoring:scores", "scoring:subsidies",
    "scoring:honesty", "scoring:report", "scoring:report-csv", "reviews:overview", "surveys:funnel",
    "api-coverage", "api-appraisal", "api-clocks", "api-glance", "api-standings", "api-report", "api-review-overview",
    "api-funnel",
]  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("door", DOORS)
def test_every_door_reads_both_spellings_of_a_quarter_and_names_it_by_one(door: str) -> None:
    centre = factories.centre()
    firm = factories.firm(centre)
    scored(factories.case(centre, firm=firm, lawyer=factories.lawyer(firm)), **GOOD)
    browser = Browser()
    browser.force_login(factories.user(Role.MANAGER, Role.SUPERVISOR, at=centre))
    of_whom = {"kind": "firm", "unit": str(firm.public_id)} if door == "scoring:scores" else {}

    answers = [browser.get(reverse(door), {"period": name} | of_whom) for name in ("2026-Q4", "2026-4")]

    assert [each.status_code for each in answers] == [200, 200]
    for each in answers:
        said = each.content.decode()
        assert 'value="2026-4"' not in said, "a list offers the name that all doors give"
        assert '"period":"2026-4"' not in said
    if not door.startswith("api-") and "-csv" not in door and door != "scoring:scores":
        assert 'value="2026-Q4" selected' in answers[1].content.decode()


EDGES = ["0001", "0001-Q1", "9998", "9999", "9999-Q3", "9999-06-01/9999-07-01", "0001-01-01/9999-12-31"]
BY_PERIOD = [*DOORS, "scoring:appraisal-pdf", "scoring:glance-pdf", "scoring:subsidies-xlsx", "scoring:report-pdf",
             "scoring:report-xlsx", "scoring:my-results", "scoring:my-results-pdf"]  # fmt: skip


@pytest.mark.parametrize("door", BY_PERIOD)
def test_no_door_stumbles_over_a_period_at_the_edge_of_the_calendar(door: str) -> None:
    centre = factories.centre()
    browser = Browser()
    lawyer = factories.lawyer(factories.firm(centre))
    who = (Role.MANAGER, Role.SUPERVISOR, Role.LAWYER)
    browser.force_login(factories.user(*who, at=centre, of=lawyer))
    kinds = ("rewards", "period", "annual", "public", "bar") if "report" in door else ("",)

    for kind in kinds:
        for name in EDGES:
            answer = browser.get(reverse(door), {"period": name} | ({"kind": kind} if kind else {}))
            assert answer.status_code < 500, (kind, name)


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "9999-12-31"), ("9999-12-31", "9999-12-31")])
def test_days_at_the_edge_of_the_calendar_are_refused_where_they_are_typed(first: str, last: str) -> None:
    centre = factories.centre()
    browser = Browser()
    browser.force_login(factories.user(Role.MANAGER, at=centre))
    since = {"since": first, "until": last}

    closing = browser.post(reverse("scoring:closed-periods"), {"centre": centre.code, "first": first, "last": last})
    named = browser.post(reverse("scoring:closed-periods"), {"centre": centre.code, "named": "9999-Q3"})

    assert [each.status_code for each in (closing, named)] == [422, 422]
    assert browser.get(reverse("scoring:standings"), since).status_code < 500
    assert browser.get(reverse("api-standings"), since).status_code < 500
