"""What weighing and deciding shows, as people meet it in a browser: own results, pictures, filters, papers, print."""

import csv
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from qa_service.accounts.models import User
from scoring.enums import RuleCode
from scoring.models import Appeal, Notice
from scoring.services.voice import release_client_voice
from tests import factories
from tests.browser.test_workspace import signed_in
from tests.factories import NOW
from tests.qa_service.documents.reading import tool
from tests.scoring.deciding import DISPLAY_OVER, Office, issued, office
from tests.scoring.factories import LATER, graded, scored, voice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opened = Callable[[User], Page]

RARE = "赟婳禛㛃𬭎"
A4 = re.compile(r"Page size: +59\d(\.\d+)? x 84\d(\.\d+)? pts \(A4\)")
PICTURES = """all => all.map(each => ({
  role: each.getAttribute("role"),
  said: (each.getAttribute("aria-labelledby") || "").split(" ").map(
    (id) => (document.getElementById(id)?.textContent || "").trim()),
}))"""
# Of each mark what it says of itself and the colour it is seen in.
MARKS = """all => all.map(
  (each) => [each.querySelector("title").textContent, getComputedStyle(each.firstElementChild).fill])"""
ROWS = "all => all.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
SHOWN_IN_PRINT = """all => all.filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 60))"""


@pytest.fixture
def opened(chromium: Browser, live_server) -> Iterator[Opened]:
    contexts = []

    def page_of(user: User) -> Page:
        contexts.append(signed_in(chromium, live_server, user, base_url=live_server.url))
        page: Page = contexts[-1].new_page()
        return page

    yield page_of
    for context in contexts:
        context.close()


def firms(place: Office, *sizes: int) -> None:
    """So many graded cases of each firm; of the first firm all are bad."""
    person = factories.client(place.centre)
    for number, size in enumerate(sizes):
        firm = factories.firm(place.centre, name=f"第{number}律师事务所")
        lawyer = factories.lawyer(firm)
        for turn in range(size):
            graded(factories.case(place.centre, firm=firm, lawyer=lawyer, client=person), 81 + turn if number else 50)


def rows_of(page: Page, part: str) -> list[list[str]]:
    found: list[list[str]] = page.locator(f"section:has(#{part}) tbody tr").evaluate_all(ROWS)
    return found


def test_a_lawyer_finds_only_their_own_cases_and_no_client_s_word_below_five(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        own = scored(place.case())
        other = scored(factories.case(place.centre, firm=place.firm, lawyer=factories.lawyer(place.firm)))
        for score in (100, 85, 65, 35):
            voice(place.case(), score)
        release_client_voice(now=LATER)
        page = opened(place.handler)

        page.goto(reverse("scoring:my-results"))
        expect(page.locator("main")).to_contain_text(own.case.number)
        expect(page.locator("main")).not_to_contain_text(other.case.number)
        before = page.locator("main").inner_text()
        seen = [
            page.request.get(reverse(name, args=[row.case.public_id])).status
            for row in (own, other)
            for name in ("scoring:case-result", "scoring:reasons-sheet")
        ]
        assert seen == [200, 200, 404, 404]

        voice(place.case(), 85)
        release_client_voice(now=LATER)
        page.goto(reverse("scoring:my-results"))
        after = page.locator("main").inner_text()
    assert ["份答复的平均分" in text for text in (before, after)] == [False, True]


def test_after_its_last_day_an_appeal_is_refused_whatever_is_sent(opened: Opened, fonts) -> None:
    place, notice = issued(RuleCode.S2)
    address = reverse("scoring:appeal", args=[notice.public_id])
    with time_machine.travel(DISPLAY_OVER, tick=True):
        page = opened(place.handler)
        page.goto(reverse("scoring:notice", args=[notice.public_id]))
        expect(page.locator(f"form[action='{address}']")).to_be_visible()
    with time_machine.travel(DISPLAY_OVER + timedelta(days=30), tick=True):
        late = opened(place.handler)
        late.goto(reverse("scoring:notice", args=[notice.public_id]))
        expect(late.locator(f"form[action='{address}']")).to_have_count(0)
        expect(late.locator("main")).to_contain_text("申诉期限已于")
        token = late.locator("[name=csrfmiddlewaretoken]").first.input_value()
        origin = {"referer": late.url}
        form: dict[str, Any] = {"text": "事实不清，请求复核。", "csrfmiddlewaretoken": token}
        answer = late.request.post(address, form=form, headers=origin, max_redirects=0)

    assert answer.status in {409, 422}
    assert not Appeal.objects.exists()


def test_each_picture_says_what_its_table_says_and_of_few_cases_has_no_colour(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        firms(place, *[5] * 8, 3)
        page = opened(place.manager)
        page.goto(reverse("scoring:glance"))

        pictures = page.locator("main svg:not(:has([role])), main svg [role]").evaluate_all(PICTURES)
        assert len(pictures) >= 3
        assert {each["role"] for each in pictures} == {"img"}
        assert all(len(each["said"]) == 2 and all(each["said"]) for each in pictures)

        table = {name: (n, good, share) for name, n, good, share, _chance in rows_of(page, "funnel")}
        marks = dict(page.locator("section:has(#funnel) svg a").evaluate_all(MARKS))
        few = table.pop("第8律师事务所")
        assert few == ("3", "3", "—")
        ring = next(fill for tip, fill in marks.items() if tip.startswith("第8"))
        assert ring == "rgb(255, 255, 255)"
        told = {re.split("[：:] ?", tip)[0]: set(re.findall(r"\d+", tip)[1:]) for tip in marks if "第8" not in tip}
        assert told == {name: {share.removesuffix(" %"), n} for name, (n, _good, share) in table.items()}

        counted = sum(int(cell) for row in rows_of(page, "scores") for cell in row[1:])
        described = page.locator("section:has(#scores) svg desc").text_content() or ""
        assert sum(int(count) for count in re.findall(r"\d+ (\d+)", described)) == counted == 43


def test_filters_live_in_the_address_and_the_file_holds_what_the_page_does(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        firms(place, 6, 5)
        graded(factories.case(place.centre, case_type="criminal"), 95)
        page = opened(place.manager)
        page.goto(reverse("scoring:glance"))
        page.select_option("[name=case_type]", "criminal")
        page.locator("main form button").first.click()
        shown = {part: rows_of(page, part) for part in ("funnel", "run", "scores")}
        assert "case_type=criminal" in page.url

        other = opened(place.manager)
        other.goto(page.url)
        assert {part: rows_of(other, part) for part in shown} == shown
        assert other.locator("[name=case_type]").input_value() == "criminal"
        assert sum(int(row[1]) for row in shown["run"]) == 1
        for part, rows in shown.items():
            address = other.locator(f"section:has(#{part}) a[href*='.csv']").get_attribute("href") or ""
            file = other.request.get(address).body().decode("utf-8-sig")
            assert list(csv.reader(io.StringIO(file)))[1:] == rows


def test_the_paper_is_whole_and_its_code_leads_to_the_page_that_says_whether_it_holds(
    opened: Opened, fonts, live_server, settings, tmp_path: Path
) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    place = office()
    place.lawyer.name = f"欧阳{RARE}"
    place.lawyer.save()
    _place, notice = issued(RuleCode.S2, place)
    with time_machine.travel(DISPLAY_OVER, tick=True):
        page = opened(place.manager)
        paper = page.request.get(reverse("scoring:notice-file", args=[notice.public_id])).body()
        text = "".join(tool("pdftotext", "-layout", "{}", "-", data=paper, folder=tmp_path).split())
        listed = tool("pdffonts", "{}", data=paper, folder=tmp_path).splitlines()[2:]
        tool("pdftoppm", "-r", "150", "-png", "{}", str(tmp_path / "page"), data=paper, folder=tmp_path)
        pictures = [str(each) for each in sorted(tmp_path.glob("page-*.png"))]
        # zbarimg fails when one of the pages bears no code.
        found = subprocess.run(["zbarimg", "-q", "--raw", *pictures], check=False, capture_output=True, text=True)
        read = found.stdout

        issued_on = re.search(r"\d{4}年\d{1,2}月\d{1,2}日", text)
        assert notice.label in text
        assert place.lawyer.name in text
        assert issued_on
        assert "15个工作日" in text or "日前" in text or "期限" in text
        assert A4.search(tool("pdfinfo", "{}", data=paper, folder=tmp_path))
        assert listed
        assert [line for line in listed if not re.search(r" yes yes (yes|no) +\d+ +\d+$", line)] == []
        assert read.strip() == f"{live_server.url}/v/{notice.verify_code}"

        anybody = opened(place.manager)
        anybody.goto(read.strip())
        expect(anybody.locator(".verdict")).to_have_class(re.compile(r"\bvalid\b"))
        withdraw(opened(place.supervisor), notice)
        anybody.reload()
        expect(anybody.locator(".verdict")).to_have_class(re.compile(r"\brevoked\b"))


def withdraw(page: Page, notice: Notice) -> None:
    """Another person than who decided, asked once more before it is done."""
    address = reverse("scoring:withdraw", args=[notice.public_id])
    page.goto(reverse("scoring:notice", args=[notice.public_id]))
    page.fill(f"form[action='{address}'] [name=reason]", "案号有误，另行制发。")
    page.click(f"form[action='{address}'] button")
    page.click(f"form[action='{address}'] button.btn-danger, form[action='{address}'] button.btn-primary")
    expect(page.locator(".withdrawn-strip")).to_be_visible()


def test_in_print_a_page_is_its_table_with_all_heads_on_every_sheet(opened: Opened, tmp_path: Path) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        person = factories.client(place.centre)
        for _number in range(50):
            graded(place.case(client=person), 85)
        page = opened(place.manager)
        for name in ("cases:list", "scoring:scores", "scoring:coverage", "scoring:glance", "scoring:standings"):
            page.goto(reverse(name))
            texts = page.locator("main thead th").all_inner_texts()
            # A head may lie on two lines, between which others stand.
            heads = [part for head in texts for part in re.findall(r"[\u4e00-\u9fff]+|[^\s\u4e00-\u9fff]+", head)]
            page.emulate_media(media="print")
            assert page.locator("nav, .btn, header, form").evaluate_all(SHOWN_IN_PRINT) == [], name
            paper = page.pdf(format="A4", prefer_css_page_size=True)
            page.emulate_media(media="screen")
            each = tool("pdftotext", "-layout", "{}", "-", data=paper, folder=tmp_path).split("\f")[:-1]
            printed = ["".join(sheet.split()) for sheet in each]

            assert [head for head in heads if head not in "".join(printed)] == [], name
            if name == "cases:list":
                assert len(printed) > 1
                assert [[head for head in heads if head not in sheet] for sheet in printed] == [[]] * len(printed)
