"""Staff find their cases, bring files in and confirm what those named; nobody sees more than their own."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import CaseType, ImportState, Stage
from qa_service.cases.models import Case, Import
from qa_service.cases.queries import waiting_for
from qa_service.organisations.models import Firm, Organisation
from tests import factories
from tests.qa_service.cases.county import CSV, NOW, bring_in, edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Organisation:
    return factories.centre()


def signed_in(*roles: Role, at: Organisation, **fields: Any) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at, **fields))
    return browser


def upload(browser: Browser, centre: Organisation, content: bytes, name: str = "cases.csv") -> Any:
    data = {"centre": centre.code, "file": SimpleUploadedFile(name, content)}
    return browser.post(reverse("cases:import"), data)


def test_a_file_is_previewed_confirmed_and_reported(centre: Organisation) -> None:
    browser = signed_in(Role.MANAGER, at=centre)

    uploaded = upload(browser, centre, CSV.read_bytes())
    job = Import.objects.get()
    preview = browser.get(uploaded["Location"])
    assert (job.state, job.new_count, job.refused_count, Case.objects.count()) == (ImportState.PREVIEWED, 272, 9, 0)
    assert "约三万" in preview.content.decode()

    browser.post(reverse("cases:import-confirm", args=[job.public_id]))
    job.refresh_from_db()
    report = browser.get(reverse("cases:import-report", args=[job.public_id]))
    assert (job.state, job.new_count, Case.objects.count()) == (ImportState.FINISHED, 272, 272)
    assert len(report.getvalue().decode().splitlines()) == 10


def test_each_look_at_refused_rows_is_recorded_for_any_cell_may_be_a_number(centre: Organisation) -> None:
    browser = signed_in(Role.MANAGER, at=centre)
    page = upload(browser, centre, CSV.read_bytes())["Location"]

    browser.get(page)
    browser.get(reverse("cases:import-report", args=[Import.objects.get().public_id]))

    looks = Entry.objects.filter(action="cases.refused_rows_seen")
    assert [entry.details for entry in looks] == [{"rows": 9}] * 2


def test_an_import_is_confirmed_once(centre: Organisation) -> None:
    browser = signed_in(Role.MANAGER, at=centre)
    upload(browser, centre, CSV.read_bytes())
    address = reverse("cases:import-confirm", args=[Import.objects.get().public_id])

    browser.post(address)

    assert browser.post(address).status_code == 409


def test_a_file_that_cannot_be_read_is_refused_on_the_form_and_leaves_nothing(centre: Organisation) -> None:
    answer = upload(signed_in(Role.MANAGER, at=centre), centre, b"%PDF-1.7 ...", "cases.csv")

    assert (answer.status_code, Import.objects.count()) == (415, 0)


def test_a_field_points_to_what_is_wrong_with_it(centre: Organisation) -> None:
    refused = signed_in(Role.MANAGER, at=centre).post(reverse("cases:import"), {"centre": ""}).content.decode()

    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', refused) for name in names.split()}
    assert "id_file_error" in named
    assert named <= set(re.findall(r'\bid="([^"]+)"', refused))


def test_a_file_for_a_centre_out_of_reach_is_refused(centre: Organisation) -> None:
    elsewhere = factories.centre()

    answer = upload(signed_in(Role.MANAGER, at=elsewhere), centre, CSV.read_bytes())

    assert (answer.status_code, Import.objects.count()) == (422, 0)


def test_another_centres_cases_and_imports_are_not_found(centre: Organisation) -> None:
    job = bring_in(centre)
    case = Case.objects.first()
    assert case is not None
    browser = signed_in(Role.MANAGER, Role.FOLLOW_UP, at=factories.centre())

    answers = [
        browser.get(reverse("cases:detail", args=[case.public_id])).status_code,
        browser.post(reverse("cases:reveal-phone", args=[case.public_id]), {"reason": "x"}).status_code,
        browser.get(reverse("cases:import-job", args=[job.public_id])).status_code,
        browser.get(reverse("cases:import-report", args=[job.public_id])).status_code,
        browser.post(reverse("cases:import-confirm", args=[job.public_id])).status_code,
        browser.post(reverse("cases:confirm", args=["firms", case.firm.public_id])).status_code,
    ]

    assert answers == [404] * 6


@pytest.mark.usefixtures("context_kept")
def test_a_supervisor_above_the_centre_sees_its_cases(centre: Organisation) -> None:
    bureau = factories.organisation("bureau")
    case = factories.case(factories.centre(bureau))

    page = signed_in(Role.SUPERVISOR, at=bureau).get(reverse("cases:list"))

    assert [row.pk for row in page.context["page"].rows] == [case.pk]


def test_a_lawyer_has_no_page_of_clients(centre: Organisation) -> None:
    case = factories.case(centre)
    browser = signed_in(Role.LAWYER, at=centre, of=case.lawyer)

    assert browser.get(reverse("cases:detail", args=[case.public_id])).status_code == 403


def test_a_number_is_masked_until_a_reason_is_given_and_every_look_is_recorded(centre: Organisation) -> None:
    person = factories.client(centre, phone="+8617000001234")
    case = factories.case(centre, client=person)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    address = reverse("cases:reveal-phone", args=[case.public_id])

    masked = browser.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    refused = browser.post(address, {"reason": " "})
    shown = browser.post(address, {"reason": "回访"})

    assert "+8617000001234" not in masked
    assert "••••1234" in masked
    assert refused.status_code == 422
    assert "+8617000001234" in shown.content.decode()
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 1


def walked(browser: Browser, address: str) -> list[int]:
    """The cases of all pages, as one comes to them by the link to the next."""
    page = browser.get(address).context["page"]
    keys = [case.pk for case in page.rows]
    more = address.partition("&after")[0] + ("&" if "?" in address else "?&") + f"after={page.last}"
    return keys + (walked(browser, more) if page.last else [])


@pytest.mark.usefixtures("context_kept")
def test_cases_under_way_are_listed_by_the_day_they_were_taken_on(
    centre: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa_service.cases.views.cases.CASES_A_PAGE", 2)
    days = [date(2026, 11, day) for day in (3, 9, 3, 1, 9)]
    rows = [factories.case(centre, accepted_on=day, closed_on=None, survey_released_at=None) for day in days]
    browser = signed_in(Role.MANAGER, at=centre)

    newest_first = sorted(rows, key=lambda case: (case.accepted_on, case.pk), reverse=True)
    assert walked(browser, reverse("cases:list") + "?under_way=true") == [case.pk for case in newest_first]


@pytest.mark.usefixtures("context_kept")
def test_filters_narrow_the_list(centre: Organisation) -> None:
    bring_in(centre)
    browser = signed_in(Role.MANAGER, at=centre)

    expected = {
        "": 272,
        "?case_type=criminal": 47,
        "?filed=false": 15,
        "?contact=in_custody": 24,
        "?number=0110号": 1,
        "?lawyer=周琴": 9,
    }

    listed = {query: walked(browser, reverse("cases:list") + query) for query in expected}

    assert {query: len(set(keys)) for query, keys in listed.items()} == expected
    assert [len(keys) for keys in listed.values()] == list(expected.values()), "each stands on one page only"
    assert listed[""] == list(Case.objects.order_by("-closed_on", "-pk").values_list("pk", flat=True))


def test_what_imports_named_first_is_confirmed_one_by_one(centre: Organisation) -> None:
    bring_in(centre)
    browser = signed_in(Role.OPERATOR, at=centre)
    firm = Firm.objects.first()
    assert firm is not None

    answer = browser.post(reverse("cases:confirm", args=["firms", firm.public_id]))

    firm.refresh_from_db()
    assert answer["Location"].endswith("?kind=firms")
    assert firm.confirmed_at is not None
    assert browser.post(reverse("cases:confirm", args=["firms", firm.public_id])).status_code == 404


def test_the_home_tells_what_waits(centre: Organisation) -> None:
    bring_in(centre)
    bring_in(centre, dry_run=True)

    blocks = waiting_for(factories.user(Role.MANAGER, at=centre), NOW)

    assert [block.count for block in blocks] == [1, 60]


def test_markup_in_cells_and_headers_is_shown_as_text(centre: Organisation, tmp_path: Path) -> None:
    hostile = edited(
        tmp_path / "hostile.csv",
        ("约三万", "<script>alert(1)</script>"),
        ("人群类别", "<img src=x onerror=alert(2)>"),
    )
    browser = signed_in(Role.MANAGER, at=centre)

    page = browser.get(upload(browser, centre, hostile.read_bytes())["Location"]).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", ["cases:list", "cases:import", "cases:unconfirmed"])
def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_many(centre: Organisation, name: str) -> None:
    def questions() -> int:
        browser.get(reverse(name))  # what is read once a process stays out of the count
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(name)).status_code == 200
        return len(queries)

    browser = signed_in(Role.MANAGER, Role.OPERATOR, at=centre)
    factories.case(centre, firm=factories.firm(centre, confirmed_at=None))
    bring_in(centre, dry_run=True)
    few = questions()
    for _ in range(5):
        factories.case(centre, firm=factories.firm(centre, confirmed_at=None))
        bring_in(centre, dry_run=True)
    factories.organisation("station", centre, confirmed_at=None)

    assert questions() == few


def test_a_type_that_is_its_own_stage_is_said_once(centre: Organisation) -> None:
    factories.case(centre, case_type=CaseType.NON_LITIGATION, stage=Stage.NON_LITIGATION)
    factories.case(centre, case_type=CaseType.CIVIL, stage=Stage.SECOND_INSTANCE)

    page = signed_in(Role.MANAGER, at=centre).get(reverse("cases:list"), headers={"accept-language": "zh-hans"})

    assert "<div>非诉讼</div>" in page.content.decode()
    assert "<div>民事 · 二审</div>" in page.content.decode()


def test_what_the_page_showed_is_confirmed_at_once_and_nothing_else(centre: Organisation) -> None:
    browser = signed_in(Role.MANAGER, at=centre)
    firms = [factories.firm(centre, confirmed_at=None) for _ in range(60)]
    elsewhere = factories.firm(factories.centre(code="other"), confirmed_at=None)

    page = browser.get(reverse("cases:unconfirmed") + "?kind=firms", headers={"accept-language": "zh-hans"})
    shown = re.findall(r'name="shown" value="([^"]+)"', page.content.decode())
    later = factories.firm(centre, confirmed_at=None)
    answer = browser.post(
        reverse("cases:confirm-shown"), {"kind": "firms", "shown": [*shown, str(elsewhere.public_id), "no id"]}
    )

    assert "确认所列全部 60 项" in page.content.decode()
    assert answer["Location"] == reverse("cases:unconfirmed") + "?kind=firms"
    assert {firm.pk for firm in Firm.objects.filter(confirmed_at=None)} == {later.pk, elsewhere.pk}
    recorded = Entry.objects.filter(action="organisations.confirmed").values_list("subject_id", flat=True)
    assert sorted(recorded) == sorted(str(firm.pk) for firm in firms)


def test_a_file_of_headings_alone_says_that_it_has_no_rows(centre: Organisation) -> None:
    browser = signed_in(Role.MANAGER, at=centre)
    headings = b"".join(CSV.read_bytes().splitlines(keepends=True)[:2])

    uploaded = upload(browser, centre, headings)
    preview = browser.get(uploaded["Location"], headers={"accept-language": "zh-hans"}).content.decode()

    assert "文件中没有数据行" in preview
    assert "确认没有变化" not in preview
    assert [block.title for block in waiting_for(factories.user(Role.MANAGER, at=centre), NOW)] == []


def county_with(change: Any) -> bytes:
    """The county's file with its lines changed."""
    lines = CSV.read_bytes().decode("gb18030").splitlines()
    return ("\n".join(change(lines)) + "\n").encode("gb18030")


def with_an_open_quote(lines: list[str]) -> list[str]:
    """In the cause of line 5, as somebody types it."""
    plain = [line for line in lines[4:] if '"' not in line]
    cells = plain[0].split(",")
    cells[2] = f'"{cells[2]}'
    return [*lines[:4], ",".join(cells), *plain[1:41]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("第5行有一个没有闭合的引号", "40行", "引号没有闭合")),
        ("en", ("In line 5 a quotation mark opens and is not closed", "40 lines", "a quotation mark opens here")),
    ],
)
def test_a_quotation_mark_never_closed_is_told_with_its_line_and_what_it_took(
    centre: Organisation, language: str, words: tuple[str, ...]
) -> None:
    browser = signed_in(Role.MANAGER, at=centre)

    uploaded = upload(browser, centre, county_with(with_an_open_quote))
    page = browser.get(uploaded["Location"], headers={"accept-language": language}).content.decode()

    job = Import.objects.get()
    assert (job.state, job.new_count, job.refused_count) == (ImportState.PREVIEWED, 2, 1)
    assert [word in page for word in words] == [True, True, True]
    report = browser.get(reverse("cases:import-report", args=[job.public_id]), headers={"accept-language": language})
    assert words[1] in report.getvalue().decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("表头重复", "第2行已是表头")),
        ("en", ("the row of column names again", "The column names stand in line 2 already.")),
    ],
)
def test_column_names_that_stand_twice_are_told_with_both_lines(
    centre: Organisation, language: str, words: tuple[str, ...]
) -> None:
    browser = signed_in(Role.MANAGER, at=centre)
    content = county_with(lambda lines: [*lines[:2], lines[1], *lines[2:4]])

    uploaded = upload(browser, centre, content)
    page = browser.get(uploaded["Location"], headers={"accept-language": language}).content.decode()

    job = Import.objects.get()
    assert (job.new_count, [fault.line for fault in job.faults.all()]) == (2, [3])
    assert [word in page for word in words] == [True, True]


@pytest.mark.parametrize(("language", "button"), [("zh-hans", "关闭，不导入"), ("en", "Close without importing")])
def test_a_preview_that_would_write_nothing_is_closed_and_writes_nothing(
    centre: Organisation, language: str, button: str
) -> None:
    browser = signed_in(Role.MANAGER, at=centre)
    bring_in(centre)
    uploaded = upload(browser, centre, CSV.read_bytes())
    page = browser.get(uploaded["Location"], headers={"accept-language": language}).content.decode()
    job = Import.objects.order_by("pk").last()
    assert job is not None
    Case.objects.update(content_hash="")  # whatever changed meanwhile: to close is not to import

    closed = browser.post(reverse("cases:import-confirm", args=[job.public_id]))

    job.refresh_from_db()
    assert (button in page, closed["Location"]) == (True, reverse("cases:import"))
    assert (job.state, job.file, Case.objects.exclude(content_hash="").count()) == (ImportState.FINISHED, None, 0)
