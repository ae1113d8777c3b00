"""The coverage ledger finds whom nobody looked at; the appraisal table says what was found, by the seed's criteria."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from scoring.figures.coverage import Looked, coverage
from scoring.queries.coverage import BY_LAWYER, BY_STATION, BY_TYPE, appraisal_of, coverage_of, coverages_of
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.reviews.factories import GOOD
from tests.scoring.factories import answered, graded, scored, voice

pytestmark = pytest.mark.django_db


def test_those_whom_nobody_looked_at_stand_first_the_busiest_leading() -> None:
    nothing = (False, False, False, False)
    lines = coverage(
        [
            Looked("赵", False, True, False, False),
            Looked("赵", *nothing),
            Looked("钱", *nothing),
            Looked("孙", *nothing),
            Looked("孙", *nothing),
            Looked("李", True, True, True, True),
        ]
    )

    assert [(line.unit, line.cases, line.any_means, line.never) for line in lines] == [
        ("孙", 2, 0, True),
        ("钱", 1, 0, True),
        ("李", 1, 1, False),
        ("赵", 2, 1, False),
    ]
    assert (lines[2].followed_up, lines[2].inspected, lines[2].organ_heard, lines[2].observed) == (1, 1, 1, 1)


@pytest.mark.usefixtures("fonts")
def test_ledger_and_appraisal_say_what_was_looked_at_and_found_by_page_and_file() -> None:
    centre = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    firm = factories.firm(centre)
    read, idle = (factories.lawyer(firm, name=name) for name in ("赵一", "钱二"))
    scored(answered(5, at=centre, firm=firm, lawyer=read), **GOOD)
    graded(factories.case(centre, firm=firm, lawyer=idle), 95, released_on=None)  # nobody was told of it yet
    factories.case(centre, firm=firm, lawyer=idle, closed_on=date(2027, 1, 1))
    own = factories.user(Role.MANAGER, at=centre)
    quarter = ClosedCases(centre.pk, Period.quarter(2026, 4))

    ledger = [
        (line.unit, line.cases, line.followed_up, line.inspected) for line in coverage_of(own, quarter, by=BY_LAWYER)
    ]
    appraised = {line.name: line for line in appraisal_of(own, quarter)}

    assert ledger == [("钱二", 1, 0, 0), ("赵一", 1, 1, 1)]
    assert [line.cases for line in coverage_of(own, quarter, by=BY_TYPE)] == [2]
    zhao = appraised["赵一"]
    assert (zhao.closed, zhao.read, zhao.accuracy, zhao.satisfaction) == (1, 1, None, None)
    assert set(zhao.criteria) == {"A", "B", "C", "D", "E", "F"}
    assert (appraised["钱二"].criteria, appraised["钱二"].read) == ({}, 0)

    with time_machine.travel(NOW, tick=False):
        manager = Browser(headers={"accept-language": "en"})
        manager.force_login(own)
        page = manager.get(reverse("scoring:coverage"), {"period": "2026-Q4"}).content.decode()
        assert "1 of 2 was looked at by none of the four means." in page
        assert page.count("never looked at") == 1
        file = manager.get(reverse("scoring:coverage-csv"), {"period": "2026-Q4", "table": "appraisal"})
        rows = {row[0]: row for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig")))}
        assert rows["赵一"][3] == str(round(zhao.criteria["A"], 1))
        assert rows["钱二"][3:10] == [""] * 7
        paper = text_of(manager.get(reverse("scoring:appraisal-pdf"), {"period": "2026-Q4"}).content)
        assert "综合评析表" in paper
        assert "".join(cell or "—" for cell in rows["赵一"]) in paper
        assert manager.get(reverse("scoring:coverage"), {"by": "mood"}).status_code == 404
        assert manager.get(reverse("scoring:coverage-csv"), {"table": "mood"}).status_code == 404


def test_satisfaction_is_told_of_five_answers_and_the_self_assessment_by_its_accuracy() -> None:
    centre = factories.centre()
    lawyer = factories.lawyer(factories.firm(centre))
    for number in range(5):
        case = factories.case(centre, firm=factories.firm(centre), lawyer=lawyer)
        line = {"source": "self_assessment", "value": str(80 + number)}
        graded(case, 85, derivation=json.dumps({"lines": [line]}))
        if number < 4:
            voice(case, 60)
    manager = factories.user(Role.MANAGER, at=centre)
    cases = ClosedCases(centre.pk, Period.year(2026))

    (before,) = appraisal_of(manager, cases)
    voice(case, 90)
    (after,) = appraisal_of(manager, cases)

    assert (before.accuracy, before.answers, before.satisfaction) == (Decimal(82), 4, None)
    assert (after.answers, after.satisfaction) == (5, Decimal(66))


def test_who_looks_after_coverage_reads_nothing_of_the_work_of_their_own_firm() -> None:
    """A count of one would tell them whether their own client answered."""
    centre = factories.centre()
    firm = factories.firm(centre)
    own, colleague = factories.lawyer(firm), factories.lawyer(firm)
    stranger = factories.lawyer(factories.firm(centre), name="赵一")
    for lawyer in (own, colleague, stranger):
        factories.case(centre, firm=lawyer.memberships.get().firm, lawyer=lawyer)
    manager, quarter = factories.user(Role.MANAGER, at=centre, of=own), ClosedCases(centre.pk, Period.quarter(2026, 4))

    by_lawyer, by_type = coverages_of(manager, quarter, by=(BY_LAWYER, BY_TYPE))

    assert [(line.unit, line.cases) for line in by_lawyer] == [("赵一", 1)]
    assert [line.cases for line in (*by_type, *coverage_of(manager, quarter, by=BY_STATION))] == [1, 1]
    assert [line.name for line in appraisal_of(manager, quarter)] == ["赵一"]


def test_ledger_and_appraisal_ask_no_more_of_many_lawyers_than_of_one() -> None:
    centre = factories.centre()
    boss, quarter = factories.user(Role.MANAGER, at=centre), ClosedCases(centre.pk, Period.quarter(2026, 4))

    def looked_at() -> int:
        with CaptureQueriesContext(connection) as asked:
            for by in (BY_LAWYER, BY_TYPE, BY_STATION):
                coverage_of(boss, quarter, by=by)
            appraisal_of(boss, quarter)
        return len(asked)

    scored(factories.case(centre), **GOOD)
    looked_at()  # what the person may see is read once
    of_one = looked_at()
    for _lawyer in range(3):
        scored(factories.case(centre), **GOOD)

    assert looked_at() == of_one
