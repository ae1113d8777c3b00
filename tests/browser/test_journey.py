"""One case the whole way, by the people whose work it is, each on a real page: from the export to the signed-off PDF.

The sweeps that a worker runs every few seconds are run here by hand between the steps, and the clock is moved over the
days that the procedure waits.
"""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
import time_machine
from django.core.management import call_command
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, RiskFlag
from qa_service.demo import PASSWORD
from reviews import tasks as reviews
from reviews.enums import ReaderOrder
from reviews.models import Assignment, CalibrationFile
from reviews.stages import BEFORE_TRIAL
from scoring import tasks as scoring
from surveys import tasks as surveys
from surveys.models import Response
from tests.browser.looking import violations
from tests.browser.test_workspace import SAVED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
CSV = "data/closed_cases.csv"


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, host: str, name: str = "") -> None:
        self.host = host
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        self.page: Page = self.context.new_page()
        if name:
            self.page.goto(f"{host}/accounts/sign-in")
            self.page.fill("[name=username]", name)
            self.page.fill("[name=password]", PASSWORD)
            self.page.click("main button")
            expect(self.page.locator("h1")).to_have_text("待办事项")

    def opens(self, path: str) -> Page:
        answer = self.page.goto(f"{self.host}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        assert "/sign-in" not in self.page.url
        return self.page

    def leaves(self) -> None:
        self.context.close()


@pytest.fixture
def clock(settings):
    settings.DEMO = True
    settings.SMS_GATEWAY = "handset"
    with time_machine.travel(START, tick=True) as moved:
        call_command("load_demo")
        yield moved


@pytest.fixture
def person(chromium: Browser, live_server) -> Callable[..., Person]:
    return lambda name="": Person(chromium, live_server.url, name)


def test_a_case_goes_the_whole_way(clock, person, fonts):
    manager = person("manager")
    _imports_the_same_file_again(manager)
    _a_client_answers_by_text(person)
    _follow_up_staff_key_in_an_interview(person)
    number = _two_readers_mark_a_file(manager, person)
    clock.shift(timedelta(days=12))
    reviews.close_calendar_gaps()  # the firm marked nothing: its days are over
    manager = person("manager")  # sessions end with the day
    _the_paper_reaches_a_lawyer_without_an_account(manager, number)
    clock.shift(timedelta(days=17))
    scoring.rescore()
    scoring.propose()
    manager = person("manager")
    _manager_decides(manager, number)
    clock.shift(timedelta(days=10))
    scoring.finish_displays()
    label, text, code = _second_manager_issues(person("manager2"), number)
    _anybody_verifies(person, code, label)
    _supervisor_reads_the_report(person, label)

    printed = "".join(text.split())  # lines break where the page ends, not where a word does
    assert label in printed
    assert number in printed
    assert Case.objects.get(number=number, centre__code="linjiang").client.name not in printed


def _imports_the_same_file_again(manager: Person) -> None:
    page = manager.opens("/cases/import")
    page.set_input_files("input[type=file]", CSV)
    page.click("main form button[type=submit], main form button:not([type])")
    expect(page.locator("main")).to_contain_text("272")
    assert violations(page) == []


def _a_client_answers_by_text(person: Callable[..., Person]) -> None:
    surveys.invite()
    surveys.deliver()
    phone = person()
    page = phone.opens("/surveys/handset/")
    page.click("a.phone >> nth=0")
    expect(page.locator(".bubble >> nth=0")).to_contain_text("请评价服务")
    page.fill("form [name=body]", "５")
    page.click("form:has([name=body]) button")
    expect(page.locator(".bubble.in, .bubble.inbound").first).to_be_visible()
    surveys.deliver()
    phone.leaves()

    assert Response.objects.filter(mode="sms").count() == 1


def _follow_up_staff_key_in_an_interview(person: Callable[..., Person]) -> None:
    clerk = person("followup")
    page = clerk.opens("/surveys/telephone/")
    page.click("table form button >> nth=0")
    page.check("[name=outcome] >> nth=0")
    page.check("[name=identity] >> nth=0")
    for question in page.locator("fieldset.question:has(input[type=radio])").all():
        if question.locator(".badge").count() == 0:
            question.locator("input[type=radio]").first.check()
    page.click("form.keyed button.btn-primary")
    expect(page.locator("main [role=status]")).to_be_visible()
    clerk.leaves()

    assert Response.objects.filter(mode="telephone").count() == 1


def _two_readers_mark_a_file(manager: Person, person: Callable[..., Person]) -> str:
    page = manager.opens("/reviews/samples/draw")
    page.fill("form[method=get] [name=start]", "2026-01-01")  # the report at the end counts this year's closings
    page.click("form[method=get] button")
    page.click("form[method=post]:not([action]) button.btn-primary")
    page.click("form[action$='/assign'] button")
    first = person("reviewer4")
    number = _marks_the_first_file(first, _given_to_one_alone("reviewer4"))
    page = manager.opens("/reviews/assignments")
    page.click(f"form[action$='/add-reader']:has-text('{number}') button")
    expect(page.locator("main [role=status]")).to_be_visible()
    named = Assignment.objects.get(case__number=number, case__centre__code="linjiang", order=ReaderOrder.SECOND)
    second = person(named.reviewer.username)
    _marks_the_first_file(second, number)
    return number


def _given_to_one_alone(reader: str) -> str:
    """The number of a file with this first reader; some of those drawn were given to two at once.

    None of those that the other reviewers know from calibration: nobody would be left to read it second. Nor one that
    never came to trial, at whose hearing nothing can be marked, nor one with an open complaint, which holds a
    commendation back.
    """
    complained = RiskFlag.objects.filter(kind=FlagKind.COMPLAINT, cleared_at=None).values("case")
    to_two = Assignment.objects.filter(order=ReaderOrder.SECOND).values("case")
    known = CalibrationFile.objects.values("case")
    given = Assignment.objects.filter(reviewer__username=reader, order=ReaderOrder.FIRST, state="open")
    tried = given.exclude(case__in=to_two).exclude(case__in=known).exclude(case__in=complained)
    return tried.exclude(case__stage__in=BEFORE_TRIAL).latest("pk").case.number


def _marks_the_first_file(reader: Person, number: str = "") -> str:
    page = reader.opens("/reviews/")
    row = page.locator(f"tr:has-text('{number}') th a") if number else page.locator("tbody th a").first
    found = row.inner_text()
    row.click()
    for item in page.locator("fieldset.item:not(.argument)").all():
        code = item.get_attribute("data-item")
        page.click(f"label[for='{code}-full']")
    expect(page.locator("#running-total")).to_have_text("100.00")
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=10_000)
    assert page.evaluate(SAVED)
    page.goto(f"{page.url.split('?')[0].rstrip('/')}/submit")
    page.click("main form button.btn-primary")
    expect(page.locator("main")).to_contain_text("评查已提交并锁定")  # and the next file opens
    reader.leaves()
    return found


def _the_paper_reaches_a_lawyer_without_an_account(manager: Person, number: str) -> None:
    page = manager.opens("/reviews/results/to-tell")
    row = page.locator(f"tr:has-text('{number}')")
    if row.count() == 0:
        return  # the draw fell on one who has an account, and was told there
    row.locator("[name=served_on]").fill(str(localdate()))
    row.locator("form button").click()
    expect(page.locator("main [role=status]")).to_be_visible()


def _manager_decides(manager: Person, number: str) -> None:
    page = manager.opens("/scoring/proposals?state=to_decide")
    page.click(f"a:has-text('{number}')")
    assert violations(page) == []
    page.check("[name=outcome][value=accept]")
    page.fill("form[action$='/decide'] [name=reason]", "两名评查员独立评查，材料齐全，符合通报表扬条件。")
    page.click("form[action$='/decide'] button.btn-primary")
    expect(page.locator("main")).to_contain_text("公示")


def _second_manager_issues(manager: Person, number: str) -> tuple[str, str, str]:
    page = manager.opens("/scoring/proposals?state=to_issue")
    page.click(f"tbody a:has-text('{number}')")
    page.click("form[action$='/issue'] button")
    label = re.search(r"临援通〔\d{4}〕\d+号", page.locator("main").inner_text())
    assert label is not None
    scoring.render_notices()
    page.reload()
    address = page.locator("a[href$='/file'], a[href$='.pdf']").first.get_attribute("href")
    answer = page.request.get(f"{manager.host}{address}")
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
    code = re.search(r"[2-9A-HJ-NP-Z]{5}-?[2-9A-HJ-NP-Z]{5}", text)
    assert code is not None
    return label[0], text, code[0]


def _anybody_verifies(person: Callable[..., Person], code: str, label: str) -> None:
    anybody = person()
    page = anybody.opens(f"/v/{code.replace('-', '')}")
    expect(page.locator("main")).to_contain_text("有效")
    expect(page.locator("main")).to_contain_text(label)
    assert violations(page) == []
    anybody.leaves()


def _supervisor_reads_the_report(person: Callable[..., Person], label: str) -> None:
    supervisor = person("supervisor")
    page = supervisor.opens("/scoring/report?centre=linjiang&period=2026")
    expect(page.locator("main")).to_contain_text(label)
    supervisor.opens("/scoring/standings")
    supervisor.leaves()
