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
