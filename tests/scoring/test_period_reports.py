"""The period report, the year's report and a lawyer's file: the same figures in every form, to who may read them."""

import csv
from copy import deepcopy
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Organisation
from reviews.enums import Anchor
from scoring.documents.tabular import Figures, TabularReport
from scoring.enums import RuleCode
from scoring.queries.lawyer_file import Reading, lawyer_file
from scoring.queries.period_report import annual_report, period_report
from scoring.queries.report_choice import AT_ONCE
from scoring.queries.report_tables.scope import Scope
from scoring.queries.report_tables.work import quarters
from scoring.services.appeals import lodge_appeal
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, Office, heard, issued, office, read
from tests.scoring.factories import graded
from tests.scoring.test_tabular_reports import Cells, as_in_a_file, as_in_a_workbook, as_in_json, as_told
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
CLIENT = "欧阳秀兰"
FORMULAS = ("=cmd|'/c calc'!A1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1")


def a_year() -> Office:
    """Decided cases, five files that lost points, and more that closed; the firm is called as a formula is written."""
    place, _praise = issued(RuleCode.R1)
    _place, sanction = issued(RuleCode.S2, place)
    heard(RuleCode.S1, place)
    for _each in range(3):
        read(place.case(), {"A2": Anchor.PARTLY})
    client = factories.client(place.centre, name=CLIENT)
    for at in range(5):
        graded(place.case(client=client), 70 + at)
    lodge_appeal(notice=sanction, person=place.handler, text="不服", now=DISPLAY_OVER)
    Firm.objects.filter(pk=place.firm.pk).update(name=FORMULAS[0])
    return place


def test_of_a_quarter_of_few_cases_no_share_is_told() -> None:
    place = office()
    for closed_on, cases in ((date(2026, 5, 4), 4), (date(2026, 8, 4), 5)):
        for _each in range(cases):
            graded(place.case(closed_on=closed_on), 85)

    found = quarters(Scope(place.centre, Period.year(2026), NOW, place.manager))

    assert [row[1:] for row in found.rows] == [(4, 4, None), (5, 5, Decimal(100))]


class TestTheForms:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage, fonts: object) -> Office:
        return stage(a_year)

    @pytest.fixture
    def place(self, built: Office, time_machine: Any) -> Office:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        return deepcopy(built)

    def asked(self, user: Any, name: str, *args: Any, **query: str) -> Any:
        browser = Browser(headers={"accept-language": "zh-hans"})
        browser.force_login(user)
        return browser.get(reverse(name, args=args), query)

    def forms(self, user: Any, door: str, *args: Any, **query: str) -> dict[str, bytes]:
        names = {"page": door, **{form: f"{door}-{form}" for form in ("pdf", "xlsx", "csv")}}
        return {form: self.asked(user, name, *args, **query).content for form, name in names.items()}

    @pytest.mark.parametrize("kind", ["period", "annual"])
    @pytest.mark.parametrize("who", ["manager", "supervisor"])
    def test_every_figure_is_the_same_in_every_form(self, place: Office, kind: str, who: str) -> None:
        user = getattr(place, who)
        where = place.centre if who == "manager" else Organisation.objects.get(kind=OrganisationKind.BUREAU)
        named, period = ("2026-Q4", Period.quarter(2026, 4)) if kind == "period" else ("2026", Period.year(2026))
        gather = {"period": period_report, "annual": annual_report}[kind]
        content = gather(Scope(where, period, DISPLAY_OVER, user), label="")
        query = {"kind": kind, "centre": where.code, "period": named}

        forms = self.forms(user, "scoring:report", **query)
        api = self.asked(user, "api-report", **query).json()

        assert len([table for table in content.tables if table.rows]) >= 7
        same_in_every_form(content, forms, api)

    @pytest.mark.parametrize("who", ["manager", "handler"])
    def test_a_lawyers_file_says_the_same_in_every_form(self, place: Office, who: str) -> None:
        user = getattr(place, who)
        content = lawyer_file(Reading(place.lawyer, user, own=who == "handler"), now=DISPLAY_OVER)

        forms = self.forms(user, "scoring:lawyer-file", place.lawyer.public_id)
        api = self.asked(user, "api-lawyer-file", place.lawyer.public_id).json()

        same_in_every_form(content, forms, api)

    def test_a_lawyers_file_holds_what_happened_and_tells_the_lawyer_of_no_answer(self, place: Office) -> None:
        of_manager, own = (
            {table.title: table for table in lawyer_file(Reading(place.lawyer, user, own=own), now=DISPLAY_OVER).tables}
            for user, own in ((place.manager, False), (place.handler, True))
        )

        assert [row[1] for row in of_manager["通报与通知书"].rows] == ["通报表扬", "整改通知书"]
        assert len(of_manager["申诉"].rows) == 1
        assert {str(row[1])[:2] for row in of_manager["建议、陈述申辩和决定"].rows} == {"R1", "S1", "S2"}
        assert {row[3] is None for row in of_manager["建议、陈述申辩和决定"].rows} == {True, False}
        assert ("已回访" in of_manager["所办案件受到的检查"].header, "已回访" in own["所办案件受到的检查"].header) == (
            True,
            False,
        )
        assert "指派限制与优先" in of_manager
        assert "指派限制与优先" not in own

    def test_nobody_else_reads_a_lawyers_file(self, place: Office) -> None:
        colleague = factories.user(Role.LAWYER, of=factories.lawyer(place.firm))
        elsewhere = factories.user(Role.MANAGER, at=factories.centre())
        of_the_firm = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))

        for user in (colleague, elsewhere, of_the_firm):
            for door in (
                "scoring:lawyer-file",
                "scoring:lawyer-file-pdf",
                "scoring:lawyer-file-csv",
                "api-lawyer-file",
            ):
                assert self.asked(user, door, place.lawyer.public_id).status_code == 404, (user.roles, door)

    def test_no_form_holds_a_formula_or_a_client_and_charts_are_the_spreadsheets_own(self, place: Office) -> None:
        asked = {"centre": place.centre.code, "period": "2026-Q4"}
        of_kinds = [self.forms(place.manager, "scoring:report", kind=kind, **asked) for kind in ("period", "annual")]
        for forms in (*of_kinds, self.forms(place.manager, "scoring:lawyer-file", place.lawyer.public_id)):
            with ZipFile(BytesIO(forms["xlsx"])) as parts:
                names = parts.namelist()
                cells = "".join(parts.read(name).decode() for name in names if name.endswith(".xml"))
            plain = forms["csv"].decode("utf-8-sig")
            assert "<f>" not in cells
            assert any("charts/chart" in name for name in names)
            told = [cell for row in csv.reader(StringIO(plain)) for cell in row]
            assert not [cell for cell in told if cell.startswith(("=", "+", "-", "@")) and not _is_number(cell)]
            assert CLIENT not in plain + cells + forms["page"].decode() + text_of(forms["pdf"])

    def test_the_years_report_names_no_lawyer_and_is_the_same_for_everybody(self, place: Office) -> None:
        Firm.objects.filter(pk=place.firm.pk).update(name="甲律师事务所")
        year = Period.year(2026)
        reports = [
            annual_report(Scope(place.centre, year, DISPLAY_OVER, user), label="")
            for user in (place.manager, place.supervisor, None)
        ]

        assert reports[0] == reports[1] == reports[2]
        assert place.lawyer.name not in str(reports[0])
        assert place.lawyer.name in str(period_report(Scope(place.centre, year, DISPLAY_OVER, place.manager), label=""))

    def test_whether_the_figures_hold_is_told_to_whoever_supervises(self, place: Office) -> None:
        def titles(user: Any) -> list[str]:
            scope = Scope(place.centre, Period.quarter(2026, 4), DISPLAY_OVER, user)
            return [table.title for table in period_report(scope, label="").tables]

        assert "数据真实性监测" in titles(place.supervisor)
        assert "数据真实性监测" not in titles(place.manager)

    def test_a_report_of_too_many_cases_is_ordered_and_not_waited_for(
        self, place: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("scoring.queries.report_choice.AT_ONCE", 3)
        query = {"kind": "period", "centre": place.centre.code, "period": "2026"}

        page = self.asked(place.manager, "scoring:report", **query)

        assert AT_ONCE > 3
        assert page.status_code == 200
        assert reverse("scoring:order-report") in page.content.decode()
        assert "<td" not in page.content.decode()
        assert [self.asked(place.manager, f"{door}", **query).status_code for door in FILES] == [413] * len(FILES)

    def test_days_name_the_month_or_both_ends_on_the_paper(self, place: Office) -> None:
        def paper(period: str) -> str:
            asked = {"kind": "period", "centre": place.centre.code, "period": period}
            return text_of(self.asked(place.manager, "scoring:report-pdf", **asked).content)

        assert "（2026年11月）" in paper("2026-11-01/2026-12-01")
        assert "（2026年11月2日至12月3日）" in paper("2026-11-02/2026-12-04")


FILES = ("scoring:report-pdf", "scoring:report-xlsx", "scoring:report-csv", "api-report", "api-report-pdf")


def same_in_every_form(content: TabularReport, forms: dict[str, bytes], api: dict[str, Any]) -> None:
    page = [cell.strip() for cell in Cells(forms["page"].decode()).found]
    assert page == [
        cell.strip() for table in content.tables if table.rows for row in (table.header, *table.shown) for cell in row
    ]
    book = openpyxl.load_workbook(BytesIO(forms["xlsx"]))
    lines = list(csv.reader(StringIO(forms["csv"].decode("utf-8-sig"))))
    paper, at = text_of(forms["pdf"]), 0
    for table, sheet, told in zip(content.tables, book.worksheets, api["tables"], strict=True):
        in_book = [tuple(_day(cell) for cell in row) for row in sheet.values]
        assert in_book == [table.header, *map(as_in_a_workbook, as_told(table))], table.title
        assert [line for row in table.rows if (line := as_in_a_file(row)) not in lines] == []
        assert told["rows"] == [[_json(cell) for cell in row] for row in table.rows]
        at = _found_on_paper(paper, table, at)


def _found_on_paper(paper: str, table: Figures, at: int) -> int:
    for row in table.shown:
        for cell in row:
            at = paper.find("".join(cell.split()), at)
            assert at >= 0, (table.title, cell)
    return at


def _day(cell: Any) -> Any:
    return cell.date() if hasattr(cell, "date") else cell


def _json(cell: Any) -> Any:
    return None if cell is None else cell.isoformat() if hasattr(cell, "isoformat") else as_in_json(cell)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
