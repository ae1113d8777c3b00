"""Reports of plain tables: every figure is the same on the page, on paper, in the workbook and in the plain file."""

import csv
from copy import deepcopy
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.organisations.enums import LawyerKind
from qa_service.organisations.models import Firm, Lawyer
from reviews.models import CaseReview
from scoring.documents.tabular import Figures, TabularReport, csv_of, sheets, shown
from scoring.enums import NoticeKind, RuleCode
from scoring.models import Notice
from scoring.queries.bar_report import bar_report
from scoring.queries.public_report import public_report
from scoring.services.appeals import lodge_appeal
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, Office, issued
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
QUARTER = Period.quarter(2026, 4)
FORMULA = "=cmd|'/c calc'!A1"
# What some spreadsheet takes for the start of a formula.
LEADS = "=+-@\t\r"
CLIENT = "欧阳秀兰"


def commended_and_rectified() -> Office:
    """Two cases decided, twelve more closed; a firm is called as a formula is written."""
    place, _praise = issued(RuleCode.R1)
    issued(RuleCode.S2, place)
    client = factories.client(place.centre, name=CLIENT)
    for _each in range(12):
        place.case(client=client)
    Firm.objects.filter(pk=place.firm.pk).update(name=FORMULA)
    return place


class Cells(HTMLParser):
    """The cells of every table of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"td", "th"}:
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


class TestTheForms:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage, fonts: object) -> Office:
        return stage(commended_and_rectified)

    @pytest.fixture
    def place(self, built: Office, time_machine: Any) -> Office:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        return deepcopy(built)

    def asked(self, place: Office, name: str, kind: str) -> Any:
        browser = Browser(headers={"accept-language": "zh-hans"})
        browser.force_login(place.manager)
        return browser.get(reverse(name), {"centre": place.centre.code, "period": "2026-Q4", "kind": kind})

    @pytest.mark.parametrize("kind", ["public", "bar"])
    def test_every_figure_is_the_same_in_every_form(self, place: Office, kind: str) -> None:
        gather = {"public": public_report, "bar": bar_report}[kind]
        content = gather(centre=place.centre, period=QUARTER, label="", now=DISPLAY_OVER)
        assert any(table.rows for table in content.tables)

        page = Cells(self.asked(place, "scoring:report", kind).content.decode()).found
        paper = text_of(self.asked(place, "scoring:report-pdf", kind).content)
        book = openpyxl.load_workbook(BytesIO(self.asked(place, "scoring:report-xlsx", kind).content))
        lines = list(csv.reader(StringIO(self.asked(place, "scoring:report-csv", kind).content.decode("utf-8-sig"))))
        api = self.asked(place, "api-report", kind).json()

        assert [cell.strip() for cell in page] == [
            cell for table in content.tables if table.rows for row in (table.header, *table.shown) for cell in row
        ]
        for table, sheet, told in zip(content.tables, book.worksheets, api["tables"], strict=True):
            assert [tuple(row) for row in sheet.values] == [table.header, *map(as_in_a_workbook, as_told(table))]
            assert [line for row in table.rows if (line := as_in_a_file(row)) not in lines] == []
            assert table.rows or [table.note] in lines
            assert told["rows"] == [[None if cell is None else as_in_json(cell) for cell in row] for row in table.rows]
            at = 0
            for row in table.shown:
                for cell in row:
                    at = paper.find("".join(cell.split()), at)
                    assert at >= 0, cell

    def test_no_form_holds_a_formula_or_a_clients_name_and_the_chart_is_the_spreadsheets_own(
        self, place: Office
    ) -> None:
        for kind in ("rewards", "public", "bar"):
            book = self.asked(place, "scoring:report-xlsx", kind).content
            plain = self.asked(place, "scoring:report-csv", kind).content.decode("utf-8-sig")
            with ZipFile(BytesIO(book)) as parts:
                names = parts.namelist()
                cells = "".join(parts.read(name).decode() for name in names if name.endswith(".xml"))
            assert "<f>" not in cells, kind
            assert all(not cell.startswith(("=", "+", "@")) for row in csv.reader(StringIO(plain)) for cell in row)
            assert CLIENT not in plain + cells + self.asked(place, "scoring:report", kind).content.decode()
            assert CLIENT not in text_of(self.asked(place, "scoring:report-pdf", kind).content)
            assert any("charts/chart" in name for name in names) == (kind == "rewards"), kind

    @pytest.mark.parametrize("lead", LEADS)
    def test_no_name_runs_in_a_spreadsheet_whatever_sign_leads_it(self, place: Office, lead: str) -> None:
        Firm.objects.filter(pk=place.firm.pk).update(name=f"{lead}cmd|'/c calc'!A1")
        for kind in ("rewards", "bar"):
            plain = self.asked(place, "scoring:report-csv", kind).content.decode("utf-8-sig")
            led = [cell for row in csv.reader(StringIO(plain)) for cell in row if "cmd|" in cell]
            assert led, kind
            assert {cell[0] for cell in led} == {"'"}, kind

    def test_what_is_published_names_nobody_and_tells_no_small_count(self, place: Office) -> None:
        report = public_report(centre=place.centre, period=QUARTER, label="", now=DISPLAY_OVER)
        told = [shown(cell) for table in report.tables for row in table.rows for cell in row]

        assert not {place.lawyer.name, place.firm.name, FORMULA} & set(told)
        by_name = {row[0]: row[1] for table in report.tables for row in table.rows}
        assert (by_name["有效的通报表扬"], by_name["收到申诉"], by_name["已评查（件）"]) == ("不公布", 0, "不公布")
        assert not any(
            isinstance(cell, int) and 0 < cell < 5 for table in report.tables for row in table.rows for cell in row
        )

    def test_the_association_is_told_of_what_stands_and_of_its_members_alone(self, place: Office) -> None:
        def lines(now: Any = DISPLAY_OVER) -> list[tuple[Any, ...]]:
            return list(bar_report(centre=place.centre, period=QUARTER, label="", now=now).tables[1].rows)

        standing = (place.lawyer.name, place.lawyer.licence_number, FORMULA, 14, 2, 1, 0, 0, 1, 1, 1)
        assert lines() == [standing]

        until = max(row.objection_until for row in CaseReview.objects.told() if row.objection_until)
        days = (DISPLAY_OVER.replace(month=until.month, day=until.day + more) for more in (0, 1))
        assert [lines(day)[0][4:9] for day in days] == [(0,) * 5, (2, 1, 0, 0, 1)]

        lodge_appeal(
            notice=Notice.objects.get(kind=NoticeKind.RECTIFICATION),
            person=place.handler,
            text="不服",
            now=DISPLAY_OVER,
        )
        praise = Notice.objects.get(kind=NoticeKind.COMMENDATION)
        withdraw_notice(notice=praise, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)
        assert lines()[0][9:] == (0, 0)

        Lawyer.objects.update(kind=LawyerKind.LEGAL_WORKER)
        assert lines() == []

    def test_a_report_that_is_none_and_one_of_another_centre_are_not_found(self, place: Office) -> None:
        assert self.asked(place, "scoring:report", "tax").status_code == 404
        browser = Browser()
        browser.force_login(place.manager)
        for name in ("scoring:report", "scoring:report-csv", "api-report-csv"):
            asked = browser.get(reverse(name), {"centre": factories.centre().code, "kind": "bar"})
            assert asked.status_code == 404


def as_told(table: Figures) -> tuple[tuple[Any, ...], ...]:
    """A table without rows says why, in the first cell."""
    return table.rows or ((table.note, *(None for _more in table.header[1:])),)


def as_in_a_workbook(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(float(cell) if isinstance(cell, Decimal) else cell for cell in row)


def as_in_a_file(row: tuple[Any, ...]) -> list[str]:
    cells = ["" if cell is None else str(cell) for cell in row]
    return [f"'{cell}" if cell.startswith("=") else cell for cell in cells]


def as_in_json(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def test_a_table_knows_its_figures_and_a_short_row_is_refused() -> None:
    table = Figures("t", ("a", "b"), (("x", half_up(Decimal("1234.5"))), ("y", None)))

    assert (table.numeric, table.shown) == ((False, True), (("x", "1,234.50"), ("y", "—")))
    with pytest.raises(ValueError, match="one cell per column"):
        Figures("t", ("a", "b"), (("x",),))
    report = TabularReport("n", "o", "p", *(DISPLAY_OVER.date(),) * 3, (table, table), ("note",))
    assert "".join(csv_of(sheets(report), report.notes)).splitlines() == [
        "\ufefft", "a,b", "x,1234.50", "y,", "", "t", "a,b", "x,1234.50", "y,", "", "note"
    ]  # fmt: skip
