"""Programs read what the pages of schemes, closed periods, glance, coverage and appraisal say, and reach no further."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from scoring.calculation.method import flat
from scoring.queries.schemes import scheme_in_force
from scoring.services.closing import close_period, correct_period
from scoring.services.schemes import begin_draft
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of
from tests.scoring.factories import graded, scored

pytestmark = pytest.mark.django_db

QUARTER = {"period": "2026-Q4"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre() -> Organisation:
    """Two lawyers: the file of one was read, nobody looked at the case of the other."""
    centre = factories.centre()
    firm = factories.firm(centre)
    scored(factories.case(centre, firm=firm, lawyer=factories.lawyer(firm, name="赵一")), **GOOD)
    factories.case(centre, firm=firm, lawyer=factories.lawyer(firm, name="钱二"))
    return centre


def program(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def manager(at: Organisation) -> User:
    return factories.user(Role.MANAGER, at=at)


def told(user: User, name: str, *row: Any, **asked: str) -> Any:
    found = program(user).get(reverse(name, args=row), asked)
    assert found.status_code == 200, found.content
    return found.json()


def test_the_ledger_and_the_appraisal_are_those_of_the_page(centre: Organisation) -> None:
    boss = manager(centre)
    browser = Browser()
    browser.force_login(boss)
    file = browser.get(reverse("scoring:coverage-csv"), QUARTER | {"table": "appraisal"}).content.decode("utf-8-sig")

    ledger = told(boss, "api-coverage", **QUARTER)
    by_type = told(boss, "api-coverage", by="case_type", **QUARTER)
    appraisal = told(boss, "api-appraisal", **QUARTER)

    assert (ledger["centre"], ledger["period"], ledger["by"]) == (centre.code, "2026-Q4", "lawyer")
    assert [(line["unit"], line["cases"], line["inspected"], line["any_means"]) for line in ledger["lines"]] == [
        ("钱二", 1, 0, 0),
        ("赵一", 1, 1, 1),
    ]
    assert [(line["cases"], line["inspected"]) for line in by_type["lines"]] == [(2, 1)]
    rows = {row[0]: row for row in (line.split(",") for line in file.splitlines())}
    for line in appraisal["lawyers"]:
        said = ["" if figure is None else str(figure) for figure in line.values()]
        assert said == rows[line["lawyer"]]


def test_the_glance_counts_what_the_page_draws() -> None:
    centre = factories.centre()
    firms = [factories.firm(centre, name=f"第{number}律师事务所") for number in range(2)]
    for number, score in enumerate((50, 81, 82, 83, 84, 95)):
        firm = firms[not number]
        graded(factories.case(centre, firm=firm, lawyer=factories.lawyer(firm)), score)

    found = told(manager(centre), "api-glance", **QUARTER)

    assert (found["centre"], found["graded"], found["centres"]) == ("", 6, [])
    units = {unit["name"]: (unit["n"], unit["good"], unit["zone"]) for unit in found["funnel"]["units"]}
    assert units == {"第1律师事务所": (1, 0, "few"), "第0律师事务所": (5, 5, None)}
    assert [(each["period"], each["n"], each["good"]) for each in found["run"]["points"]] == [("2026-Q4", 6, 5)]
    assert sum(sum(step["counts"].values()) for step in found["scores"]) == 6
    assert (found["tasks"]["overdue"], found["tasks"]["later"]) == (0, 0)
    empty = told(manager(centre), "api-glance", period="2025")
    assert (empty["graded"], empty["funnel"]) == (0, None)


def test_a_closed_period_is_listed_by_version_and_read_as_it_was_frozen(centre: Organisation) -> None:
    boss, later = manager(centre), date(2026, 10, 1)
    period = Period(date(2026, 11, 1), date(2026, 11, 20))
    closed = close_period(centre=centre, period=period, user=boss, now=NOW)
    raised = factories.case(centre)
    graded(raised, 99)
    correct_period(closed=closed, reason="复核后改分", user=boss, now=NOW)

    with CaptureQueriesContext(connection) as of_two:
        rows = told(boss, "api-closed-periods")["results"]
    first = told(boss, "api-closed-period", closed.public_id)

    assert [(row["centre"], row["version"], row["reason"]) for row in rows] == [
        (centre.code, 2, "复核后改分"),
        (centre.code, 1, ""),
    ]
    assert (first["closed"]["sha256"], first["closed"]["start"]) == (closed.sha256, "2026-11-01")
    tables = {table["kind"]: table["standings"] for table in first["tables"]}
    assert [(row["name"], row["n"], row["closed"]) for row in tables["lawyer"]] == [("赵一", 1, 1)]
    assert set(tables) == {"lawyer", "firm", "station", "centre"}
    close_period(centre=centre, period=Period(later, date(2026, 10, 31)), user=boss, now=NOW)
    with CaptureQueriesContext(connection) as of_three:
        assert len(told(boss, "api-closed-periods")["results"]) == 3
    assert len(of_three) == len(of_two)


def test_schemes_are_read_by_whom_they_weigh_and_drafts_by_who_writes_them(centre: Organisation) -> None:
    lawyer = account_of(factories.lawyer(factories.firm(centre)))
    boss = manager(centre)
    draft = begin_draft(figures=flat(scheme_in_force().rules), user=boss, now=NOW)

    assert [row["version"] for row in told(boss, "api-schemes")] == [draft.version, 1]
    assert [(row["version"], row["since"], row["until"]) for row in told(lawyer, "api-schemes")] == [(1, None, None)]
    assert told(lawyer, "api-scheme", 1)["rules"] == scheme_in_force().rules
    assert program(lawyer).get(reverse("api-scheme", args=[draft.version])).status_code == 404


def test_a_neighbour_reads_nothing_of_it_and_an_odd_address_nothing_at_all(centre: Organisation) -> None:
    boss = manager(centre)
    closed = close_period(centre=centre, period=Period(date(2026, 11, 1), date(2026, 11, 20)), user=boss, now=NOW)
    neighbour = program(manager(factories.centre()))

    for name in ("api-coverage", "api-appraisal", "api-glance"):
        assert neighbour.get(reverse(name), {"centre": centre.code}).status_code == 404
        assert program(boss).get(reverse(name), {"period": "soon"}).status_code == 404
    assert neighbour.get(reverse("api-closed-periods")).json()["results"] == []
    assert neighbour.get(reverse("api-closed-period", args=[closed.public_id])).status_code == 404
