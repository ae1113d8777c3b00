"""A closed period stands still; what is wrong in it is put right beside it; lawyers see of it the middle band alone."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import quantiles
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.accounts.enums import Role
from qa_service.cases.enums import CaseType
from qa_service.cases.services import evidence_changed
from qa_service.common.periods import Period
from qa_service.notifications.models import Notification
from qa_service.notifications.services import rendered
from qa_service.organisations.models import Lawyer, Organisation
from scoring.calculation import canonical
from scoring.enums import UnitKind
from scoring.models import CaseScore, ClosedPeriod, ReportTold
from scoring.queries.closing import standings_closed
from scoring.queries.own_results import own_people, together
from scoring.queries.reports import rewards_and_sanctions
from scoring.queries.standings import standings
from scoring.services.closing import (
    NothingDifferent,
    PeriodClosed,
    PeriodNotOver,
    StillWeighing,
    close_period,
    correct_period,
)
from scoring.services.telling_of_reports import tell_of_reports
from scoring.standings import Cell, frozen, middle_band, thawed
from scoring.standings import standings as placed
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.qa_service.documents.test_editable import opened, words
from tests.scoring.factories import graded

# The cases below closed on 10 November; the fourth quarter is over on this day.
AFTER = datetime.fromisoformat("2027-01-04T10:00+08:00")
QUARTER = Period.quarter(2026, 4)
# New on every page, whoever's it is.
TOKEN = re.compile(rb"(?:csrfmiddlewaretoken.*?>|nonce=\S+)")
WEIGHTS = (Decimal(80), Decimal(20))


def cell_of(unit: int, stratum: str, marks: list[int]) -> Cell:
    squares = Decimal(sum(mark * mark for mark in marks))
    return Cell(unit=unit, stratum=stratum, n=len(marks), total=Decimal(sum(marks)), squares=squares)


cells = st.builds(
    cell_of,
    st.integers(1, 12),
    st.sampled_from(["civil", "criminal"]),
    st.lists(st.integers(0, 100), min_size=1, max_size=9),
)
tables = st.lists(cells, max_size=14, unique_by=lambda cell: (cell.unit, cell.stratum))


@settings(max_examples=30)
@given(tables, tables)
def test_what_is_frozen_gives_back_the_same_table_figure_by_figure(cases: list[Cell], voices: list[Cell]) -> None:
    table = placed(cases, voices, WEIGHTS)

    assert thawed(json.loads(canonical(frozen(table)))) == table


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=6), max_size=14))
def test_the_middle_band_is_that_of_the_middle_half_of_those_with_five_cases(marks: list[list[int]]) -> None:
    rows = placed(
        [
            Cell(
                unit=unit,
                stratum="civil",
                n=len(one),
                total=Decimal(sum(one)),
                squares=Decimal(sum(m * m for m in one)),
            )
            for unit, one in enumerate(marks)
        ],
        [],
        WEIGHTS,
    ).rows
    means = [sum(one) / len(one) for one in marks if len(one) >= 5]

    found = middle_band(rows)

    if len(means) < 8:
        assert found is None
        return
    low, _middle, high = quantiles(means, n=4, method="inclusive")
    assert found is not None
    assert found.lawyers == len(means)
    assert found.low <= low + 1e-9 < found.low + 1 + 1e-6
    assert found.high - 1 - 1e-6 < high - 1e-9 <= found.high


@pytest.fixture
def county() -> Organisation:
    return factories.organisation("bureau", factories.organisation("bureau"))


@pytest.fixture
def centre(county: Organisation) -> Organisation:
    return factories.centre(county)


@pytest.fixture
def lawyers(centre: Organisation) -> list[Lawyer]:
    """Nine of one firm with five cases each, whose means are 62, 65 … 86."""
    firm, person = factories.firm(centre), factories.client(centre)
    found = [factories.lawyer(firm) for _each in range(9)]
    for place, lawyer in enumerate(found):
        for noise in (-2, -1, 0, 1, 2):
            case = factories.case(centre, firm=firm, lawyer=lawyer, client=person)
            graded(case, 62 + 3 * place + noise)
    return found


def browser(*roles: Role, **fields: Any) -> Browser:
    client = Browser(headers={"accept-language": "en"})
    client.force_login(factories.user(*roles, **fields))
    return client


def raise_marks(lawyer: Lawyer) -> None:
    for score in CaseScore.objects.current().filter(lawyer=lawyer).select_related("case"):
        graded(score.case, 99, at=AFTER)


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_for_ever")
def test_a_closed_period_stands_still_and_a_correction_stands_beside_it(
    centre: Organisation, lawyers: list[Lawyer]
) -> None:
    manager = factories.user(Role.MANAGER, at=centre)
    closed = close_period(centre=centre, period=QUARTER, user=manager, now=AFTER)
    first = standings_closed(closed, UnitKind.LAWYER)

    raise_marks(lawyers[0])

    report = rewards_and_sanctions(centre=centre, period=QUARTER, label="", now=AFTER)
    told = {row.name: (row.count, row.mean) for row in report.standings or ()}
    assert told == {first.names[row.unit]: (row.n, round(row.raw, 2)) for row in first.table.rows}
    assert told[lawyers[0].name] == (5, Decimal("62.00"))
    assert report.assessment is not None
    assert sum(row.excellent for row in report.assessment.grades) == 0
    assert "version 1" in rewards_and_sanctions(
        centre=centre, period=QUARTER, label="", language="en", now=AFTER
    ).notes[0]  # fmt: skip

    newest = correct_period(closed=closed, reason="复核后改分", user=manager, now=AFTER)

    assert (newest.version, ClosedPeriod.objects.get(pk=closed.pk).sha256) == (2, closed.sha256)
    assert standings_closed(ClosedPeriod.objects.get(pk=closed.pk), UnitKind.LAWYER) == first
    raised = next(row for row in standings_closed(newest, UnitKind.LAWYER).table.rows if row.unit == lawyers[0].pk)
    assert raised.cases.raw == 99
    with pytest.raises(NothingDifferent):
        correct_period(closed=newest, reason="再来一次", user=manager, now=AFTER)
    with pytest.raises(PeriodClosed):
        correct_period(closed=closed, reason="旧的", user=manager, now=AFTER)
    for change in (lambda: ClosedPeriod.objects.update(figures="{}"), closed.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_a_period_is_closed_once_when_it_is_over_and_all_is_weighed(
    centre: Organisation, lawyers: list[Lawyer]
) -> None:
    manager = factories.user(Role.MANAGER, at=centre)
    with pytest.raises(PeriodNotOver):
        close_period(centre=centre, period=QUARTER, user=manager, now=NOW)
    case_id = CaseScore.objects.values_list("case", flat=True)[0]
    evidence_changed(case_id)
    with pytest.raises(StillWeighing):
        close_period(centre=centre, period=QUARTER, user=manager, now=AFTER)
    close_period(centre=centre, period=Period(date(2026, 11, 11), date(2027, 1, 1)), user=manager, now=AFTER)
    assert ClosedPeriod.objects.get().data["cases"] == {}, "the day up to which it runs is not in it"


@pytest.mark.django_db
def test_another_lawyers_marks_change_no_byte_of_what_a_lawyer_sees(
    centre: Organisation, lawyers: list[Lawyer]
) -> None:
    manager = factories.user(Role.MANAGER, at=centre)
    with time_machine.travel(AFTER, tick=False):
        own = browser(Role.LAWYER, of=lawyers[4])

    def page() -> bytes:
        with time_machine.travel(AFTER, tick=False):
            return TOKEN.sub(b"", own.get(reverse("scoring:my-results")).content)

    before = page()
    raise_marks(lawyers[0])
    assert page() == before

    close_period(centre=centre, period=QUARTER, user=manager, now=AFTER)
    shown = page()
    assert b"74.00" in shown
    # Means 65, 68 … 86 and 99: the quarters lie at 71 and 83.
    assert b"71\xe2\x80\x9383" in shown
    assert b"within it" in shown
    raise_marks(lawyers[1])
    assert page() == shown


@pytest.mark.django_db
def test_managers_are_told_once_of_a_quarter_that_is_over_where_the_reports_are(
    county: Organisation, centre: Organisation
) -> None:
    own, above = factories.user(Role.MANAGER, at=centre), factories.user(Role.SUPERVISOR, at=county)
    factories.case(centre)
    factories.centre()
    told = [tell_of_reports(now=moment) for moment in (NOW, AFTER, AFTER, AFTER + timedelta(days=20))]

    (notice,) = Notification.objects.filter(user__in=(own, above))
    assert (told, notice.user, rendered(notice)) == ([0, 1, 0, 0], own, "2026 年第 4 季度的报告可以查看和打印了。")
    with time_machine.travel(AFTER, tick=False):
        reader = Browser()
        reader.force_login(own)
        assert 'value="2026-Q4" selected' in reader.get(f"{notice.url}&kind=bar").content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportTold.objects.update(told_at=NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("fonts")
def test_the_pages_close_read_and_correct_and_standings_say_whose_day_they_are_of(
    centre: Organisation, lawyers: list[Lawyer]
) -> None:
    with time_machine.travel(AFTER, tick=False):
        manager = browser(Role.MANAGER, at=centre)
        periods, table = reverse("scoring:closed-periods"), reverse("scoring:standings")

        typed = {"centre": centre.code, "first": "2026-10-01", "last": "2026-12-31"}
        refusals = (
            (typed | {"last": ""}, 422), (typed | {"last": "2026-09-01"}, 422), (typed | {"named": "2026-Q3"}, 422),
            (typed | {"last": "2027-01-31"}, 422), (typed | {"centre": "none"}, 422), (typed | {"first": "x"}, 422),
        )  # fmt: skip
        assert [manager.post(periods, each).status_code for each, _status in refusals] == [
            status for _each, status in refusals
        ]
        closed = manager.post(periods, typed, follow=True)
        assert manager.post(periods, {"centre": centre.code, "named": "2026-Q4"}).status_code == 409
        address = closed.redirect_chain[-1][0]
        raise_marks(lawyers[0])
        circular = reverse("scoring:results-circular", args=[address.rsplit("/", 1)[1]])
        firm = lawyers[0].memberships.get().firm.name
        assert circular in manager.get(address).content.decode()
        for paper in (
            text_of(manager.get(circular).content),
            words(opened(manager.get(circular.replace(".pdf", ".docx")).content)),
        ):
            for said in ("2026年第四季度", "草稿未编号", "办结法律援助案件45件", f"{firm}45074.00", "共9人"):
                assert said in paper
            assert not [lawyer.name for lawyer in lawyers if lawyer.name in paper]

        as_closed = manager.get(table, {"period": "2026-Q4"}).content.decode()
        of_today = manager.get(table, {"period": "2026-Q4", "figures": "today"}).content.decode()
        assert ("62.00" in as_closed, "99.00" in as_closed) == (True, False)
        assert ("62.00" in of_today, "99.00" in of_today) == (False, True)
        assert "fewer than" not in manager.get(periods).content.decode()
        assert manager.post(address, {"reason": ""}).status_code == 422
        corrected = manager.post(address, {"reason": "改判"}, follow=True).content.decode()
        assert ("99.00" in corrected, "改判" in corrected) == (True, True)
        assert "This version was corrected." in manager.get(address).content.decode()
        assert manager.post(address, {"reason": "again"}).status_code == 409
        rows = list(csv.reader(io.StringIO(manager.get(f"{address}.csv").content.decode("utf-8-sig"))))
        assert [row[1:5] for row in rows if row[0] == "Firms"] == [
            [lawyers[0].memberships.get().firm.name, "45", "45", "74.00"]
        ]


@pytest.mark.django_db
def test_any_days_and_types_and_the_bureaux_above_are_counted_and_each_figure_leads_to_its_cases(
    centre: Organisation, county: Organisation, lawyers: list[Lawyer]
) -> None:
    city = Organisation.objects.get(path=county.path[: -Organisation.steplen])
    own = factories.centre(city)
    for score in (70, 80):
        graded(factories.case(own, case_type=CaseType.CRIMINAL, closed_on=date(2026, 11, 20)), score)
    factories.case(own)
    supervisor = factories.user(Role.SUPERVISOR, at=city)

    def told(kind: UnitKind, **terms: Any) -> dict[str, tuple[int, int]]:
        found = standings(kind=kind, period=QUARTER, user=supervisor, **terms)
        return {found.names[row.unit]: (row.n, found.closed[row.unit]) for row in found.table.rows}

    assert told(UnitKind.CENTRE) == {centre.name: (45, 45), own.name: (2, 3)}
    assert told(UnitKind.COUNTY) == {county.name: (45, 45), city.name: (2, 3)}
    assert told(UnitKind.CITY) == {city.name: (47, 48)}
    assert told(UnitKind.CITY, case_type=CaseType.CRIMINAL) == {city.name: (2, 2)}
    below = factories.user(Role.SUPERVISOR, at=county)
    found = standings(kind=UnitKind.CITY, period=QUARTER, user=below)
    assert found.table.rows == (), "a city of which one county is overseen is no city"

    reader = Browser(headers={"accept-language": "en"})
    reader.force_login(supervisor)
    table = reverse("scoring:standings")
    page = reader.get(table, {"kind": "county", "since": "2026-11-11", "until": "2026-11-20"}).content.decode()
    assert (city.name in page, county.name in page) == (True, False)
    behind = re.search(r'href="(/scoring/scores\?[^"]+)"', page)
    assert behind
    cases = reader.get(behind[1].replace("&amp;", "&")).content.decode()
    assert cases.count("/scoring/cases/") == 2
    file = reader.get(reverse("scoring:standings-csv"), {"kind": "city", "period": "2026-Q4"}).content.decode(
        "utf-8-sig"
    )
    assert file.splitlines()[1].startswith(f"{city.name},47,48,")
    assert reader.get(table, {"since": "2026-13-01"}).status_code == 404
    assert reader.get(reverse("scoring:scores"), {"period": "soon"}).status_code == 422
    assert reader.get(reverse("scoring:scores"), {"period": "2026", "unit": "7"}).status_code == 404


@pytest.mark.django_db
def test_a_firms_people_stand_by_name_with_how_near_their_own_marks_come(centre: Organisation) -> None:
    firm = factories.firm(centre)
    zhao, qian = (factories.lawyer(firm, name=name) for name in ("赵一", "钱二"))
    for lawyer, score, accuracy in ((zhao, 80, "90"), (zhao, 70, None), (qian, 90, "60"), (qian, 60, "75")):
        line = {"source": "self_assessment", "value": accuracy}
        graded(factories.case(centre, firm=firm, lawyer=lawyer), score, derivation=json.dumps({"lines": [line]}))

    people = own_people(CaseScore.objects.all(), QUARTER)

    assert [(each.name, each.n, each.mean, each.assessed, each.accuracy) for each in people] == [
        ("赵一", 2, Decimal(75), 1, Decimal(90)),
        ("钱二", 2, Decimal(75), 2, Decimal("67.5")),
    ]
    assert together(people) == (3, Decimal(75))
    assert own_people(CaseScore.objects.all(), Period.quarter(2026, 3)) == []
