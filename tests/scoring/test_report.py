"""Page, paper and workbook say the same."""

from copy import deepcopy
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.common.periods import Period
from qa_service.organisations.models import CentreSettings, Organisation
from scoring.documents.content import AppealCounts, RuleCount
from scoring.enums import NoticeKind, RuleCode
from scoring.models import Appeal, Notice
from scoring.queries.notices import verified
from scoring.queries.reports import rewards_and_sanctions
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, Office, heard, issued, numbered, ready
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def asked(place: Office, name: str, period: str = "2026-Q4", language: str = "zh-hans") -> Any:
    browser = Browser(headers={"accept-language": language})
    browser.force_login(place.manager)
    door = name if name.startswith("api-") else f"scoring:{name}"
    return browser.get(reverse(door), {"centre": place.centre.code, "period": period})


def test_the_days_of_the_report_are_those_of_its_centre() -> None:
    """As the notice and its public page give them, wherever the server stands."""
    place, row = ready(RuleCode.R1)
    CentreSettings.objects.filter(centre=place.centre).update(time_zone="Europe/London")
    centre = Organisation.objects.get(pk=place.centre.pk)
    evening = datetime(2026, 12, 15, 17, tzinfo=UTC)  # the sixteenth has begun in Shanghai
    notice = issue_notice(proposal=row, person=place.supervisor, now=evening)
    render_notices(now=evening)

    content = rewards_and_sanctions(centre=centre, period=Period.quarter(2026, 4), label="", now=evening)

    page = verified(notice.verify_code)
    assert page is not None
    assert content.commendations[0].issued_on == page.issued_on == content.as_of == date(2026, 12, 15)


def commended_rectified_and_waiting() -> Office:
    """One case commended, one rectified and appealed, one waiting."""
    place, _praise = issued(RuleCode.R1)
    _place, sanction = issued(RuleCode.S2, place)
    heard(RuleCode.S1, place)
    lodge_appeal(notice=sanction, person=place.handler, text="不服", now=DISPLAY_OVER)
    return place


class TestTheReport:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage, fonts: object) -> Office:
        return stage(commended_rectified_and_waiting)

    @pytest.fixture
    def place(self, built: Office) -> Office:
        return deepcopy(built)

    def test_the_figures_count_what_was_decided(self, place: Office) -> None:
        content = rewards_and_sanctions(centre=place.centre, period=Period.quarter(2026, 4), label="", now=DISPLAY_OVER)

        by_code = {row.code: row for row in content.rules}
        assert by_code["R1"] == RuleCount("R1", by_code["R1"].name, 1, 1, 0, 0)
        assert by_code["S2"] == RuleCount("S2", by_code["S2"].name, 1, 1, 0, 0)
        # The failed case has its core items at zero too: its coaching still waits to be heard.
        assert by_code["S1"] == RuleCount("S1", by_code["S1"].name, 2, 0, 0, 2)
        assert content.appeals == AppealCounts(received=1, upheld=0, dismissed=0, waiting=1)
        assert content.totals.closed == 3
        assert content.last_day == date(2026, 12, 31)

    @pytest.mark.parametrize("upheld", [True, False], ids=["upheld", "dismissed"])
    def test_an_appeal_is_counted_by_how_it_was_decided(self, place: Office, upheld: bool) -> None:
        other = factories.user(Role.MANAGER, at=place.centre)
        decide_appeal(appeal=Appeal.objects.get(), person=other, upheld=upheld, answer="已复核", now=DISPLAY_OVER)

        content = rewards_and_sanctions(centre=place.centre, period=Period.quarter(2026, 4), label="", now=DISPLAY_OVER)

        assert content.appeals == AppealCounts(received=1, upheld=int(upheld), dismissed=int(not upheld), waiting=0)

    def test_a_notice_that_has_its_number_and_no_paper_yet_is_not_counted_as_issued(self, place: Office) -> None:
        _place, notice = numbered(RuleCode.R1, place)

        content = rewards_and_sanctions(centre=place.centre, period=Period.quarter(2026, 4), label="", now=DISPLAY_OVER)

        assert len(content.commendations) == 1
        assert notice.label not in {row.number for row in content.commendations}

    def test_page_paper_and_workbook_say_the_same(self, place: Office) -> None:
        page = asked(place, "report").content.decode()
        paper = text_of(asked(place, "report-pdf").content)
        workbook = openpyxl.load_workbook(BytesIO(asked(place, "report-xlsx").content))
        cells = {str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row}

        for label in ("临援通〔2026〕1号", "临援改〔2026〕1号"):
            assert label in page
            assert label in paper
            assert label in cells
        assert ("挽回损失" in page, "挽回损失" in paper, "挽回损失（元）" in cells) == (True, True, True)

    def test_a_withdrawn_notice_is_named_apart_and_every_face_uses_the_same_words(self, place: Office) -> None:
        praise = Notice.objects.get(kind=NoticeKind.COMMENDATION)
        withdraw_notice(notice=praise, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

        page = asked(place, "report").content.decode()
        paper = "".join(text_of(asked(place, "report-pdf").content).split())
        workbook = openpyxl.load_workbook(BytesIO(asked(place, "report-xlsx").content))
        overview = {str(row[0]): row[1] for row in workbook["概况"].values}

        assert "通报表扬（1，其中已撤销 1 件）" in page
        assert ("通报表扬（1件，其中已撤销1件）" in paper, "整改通知（1件）" in paper) == (True, True)
        assert (overview["通报表扬"], overview["其中已撤销的通报表扬"]) == (1, 1)
        for word in ("评定案件数", "计入答复数", "原始平均分", "综合评价"):
            assert word in page
            assert word in paper
        assert "本期办结的 3 件案件中，3 件没有到期的回访" in page
        assert "本期办结的3件案件中，3件没有到期的回访" in paper

    def test_a_table_of_firms_has_no_second_column_of_firms(self, place: Office) -> None:
        workbook = openpyxl.load_workbook(BytesIO(asked(place, "report-xlsx").content))
        heads = [[cell.value for cell in sheet[1]] for sheet in workbook if sheet.title in {"承办单位", "承办人员"}]

        assert heads[0][:3] == ["承办人员", "承办单位", "评定案件数"]
        assert heads[1][:2] == ["承办单位", "评定案件数"]

    def test_the_workbook_holds_no_formula(self, place: Office) -> None:
        with ZipFile(BytesIO(asked(place, "report-xlsx").content)) as parts:
            assert all(b"<f>" not in parts.read(name) for name in parts.namelist() if "worksheets" in name)

    def test_a_period_that_is_none_is_refused_with_the_forms_there_are(self, place: Office) -> None:
        for period in ("2026-5", "2026-0", "x", "2026-4-1", "99999", "99999999999", "-1", "0"):
            assert asked(place, "report", period).status_code == 422, period
        for name in ("report", "report-pdf", "report-xlsx", "api-report", "standings"):
            refused = asked(place, name, "zzz")
            assert (refused.status_code, "2026-Q3" in refused.content.decode()) == (422, True), name

    def test_a_quarter_without_cases_says_so(self, place: Office) -> None:
        answer = asked(place, "report", "2025")

        assert answer.status_code == 200
        assert answer.content.decode().count("empty-state") == 4

    def test_no_notice_for_the_cases_of_a_quarter_is_not_no_notice_in_it(self, place: Office) -> None:
        """Notices are counted with their cases: those issued this quarter about cases of others are not denied."""
        paper = text_of(asked(place, "report-pdf", "2026-Q3").content)
        page = asked(place, "report", "2026-Q3")
        english = asked(place, "report", "2026-Q3", language="en")

        for kind in ("通报表扬", "整改通知"):
            assert f"对本期办结的案件，没有签发{kind}。" in paper
        assert "对本期办结案件的通知，没有收到申诉。" in paper
        assert page.content.decode().count("对本期间办结的案件没有签发。") == 2
        assert english.content.decode().count("None was issued for the cases closed in this period.") == 2
        assert "本期没有" not in paper

    def test_another_centres_report_is_not_found(self, place: Office) -> None:
        other = factories.centre()
        browser = Browser()
        browser.force_login(place.manager)

        for name in ("report", "report-pdf", "report-xlsx"):
            assert browser.get(reverse(f"scoring:{name}"), {"centre": other.code}).status_code == 404

    def test_lawyers_get_no_report(self, place: Office) -> None:
        browser = Browser()
        browser.force_login(factories.user(Role.LAWYER, of=factories.lawyer(place.firm)))

        assert browser.get(reverse("scoring:report")).status_code == 403
