"""What weighing and deciding shows, as people meet it in a browser: own results, pictures, filters, papers, print."""

import csv
import hashlib
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.models import Organisation
from reviews.models import CaseReview
from scoring.enums import ProposalState, RuleCode
from scoring.models import Appeal, Notice, Proposal
from scoring.services.printing import render_notices
from scoring.services.voice import release_client_voice
from surveys.enums import Channel, MessageState, Mode, PhoneOutcome
from surveys.models import Response
from tests import factories
from tests.browser.looking import clipped_on_paper
from tests.browser.test_workspace import signed_in
from tests.factories import NOW
from tests.qa_service.documents.reading import tool
from tests.reviews import factories as reviews
from tests.reviews.test_overview import totals_of
from tests.scoring.deciding import DISPLAY_OVER, Office, heard, issued, office, ready
from tests.scoring.factories import LATER, graded, scored, voice
from tests.surveys.figures.crowd import Course, crowd
from tests.surveys.recovering import answered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opened = Callable[[User | None], Page]
Rows = list[list[str]]

WORDS = "开庭前一天才见到律师"
RARE = "赟婳禛㛃𬭎"
UNPRINTABLE = "\ue123"
CHINA = ZoneInfo("Asia/Shanghai")
PRINTED = (
    "cases:list", "scoring:scores", "scoring:coverage", "scoring:glance", "scoring:standings", "scoring:report",
    "reviews:overview", "surveys:funnel", "surveys:answers",
)  # fmt: skip
A4 = re.compile(r"Page size: +59\d(\.\d+)? x 84\d(\.\d+)? pts \(A4\)")
# Of each picture what is heard of it, the table of the same beside it, and of each mark what it says, where a press on
# it leads and in which colour it is seen; what nothing is seen of has none.
PICTURES = """() => {
  const cells = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()));
  const told = (id) => (document.getElementById(id)?.textContent || "").trim();
  return [...document.querySelectorAll("main svg")].map((svg) => {
    const heard = svg.matches("[role]") ? svg : svg.querySelector("[role]");
    const named = (heard?.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean);
    const place = svg.closest(".figure-pair, section") || svg.closest("main");
    const marks = [...svg.querySelectorAll("rect, circle, polygon")].filter((mark) => mark.querySelector("title"));
    const address = (link) => link ? new URL(link.href.baseVal, location).href : "";
    return {
      role: heard?.getAttribute("role"), name: (named[0] || "").replace("-title", ""), said: named.map(told),
      tables: [...place.querySelectorAll("table")].map(cells),
      pressed: [...place.querySelectorAll("td a, th a")].map((link) => link.href),
      unheard: [...svg.querySelectorAll("a")].every((link) => link.closest("[aria-hidden=true]") && link.tabIndex < 0),
      marks: marks.map((mark) => ({
        tip: mark.querySelector("title").textContent, href: address(mark.closest("a")),
        fill: mark.getAttribute("fill-opacity") === "0" ? "" : getComputedStyle(mark).fill,
      })),
    };
  });
}"""
ROWS = "all => all.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
SHOWN_IN_PRINT = """all => all.filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 60))"""
SCROLLED = """async (each) => {
  for (let frame = 0; frame < 120 && !each.scrollLeft; frame++) await new Promise(requestAnimationFrame);
  return each.scrollLeft;
}"""
NAMELESS = """all => all.filter(each => !each.ariaLabel &&
  !document.getElementById(each.getAttribute("aria-labelledby"))).length"""
ACTS = "nav, .btn, button, input, select, header, form"
ROWS_A_PAGE = 30
FIGURE = re.compile(r"[+−-]?\d+(?:\.\d+)?")
WHITE, GREY, BLUE = "rgb(255, 255, 255)", "rgb(176, 184, 192)", "rgb(11, 92, 173)"
REFUSED = "status of 422"  # what a browser says of an answer that the page itself explains
AS_OF = re.compile(r"数据截至\s*[\d -]+:\d\d")


# Where the keys are, and whether the outline of a stop is drawn; nothing once they have left the page.
STOP = """() => {
  const at = document.activeElement, drawn = getComputedStyle(at);
  return at === document.body ? null : {
    what: at.tagName, told: (at.innerText || at.name || "").trim().slice(0, 30),
    seen: drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 3,
  };
}"""


@pytest.fixture
def opened(chromium: Browser, live_server) -> Iterator[Opened]:
    """A window of somebody, or of nobody known; none of them may complain of a page."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def page_of(user: User | None) -> Page:
        phone: Any = {"width": 375, "height": 800}
        contexts.append(
            signed_in(chromium, live_server, user, base_url=live_server.url)
            if user
            else chromium.new_context(viewport=phone, locale="zh-CN", base_url=live_server.url)
        )
        page: Page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert [each for each in complaints if REFUSED not in each] == []


def firms(place: Office, *sizes: int) -> None:
    """So many graded cases of each firm; of the first firm all are bad."""
    person = factories.client(place.centre)
    for number, size in enumerate(sizes):
        firm = factories.firm(place.centre, name=f"第{number}律师事务所")
        lawyer = factories.lawyer(firm)
        for turn in range(size):
            graded(factories.case(place.centre, firm=firm, lawyer=lawyer, client=person), 81 + turn if number else 50)


def files_read(place: Office, *sizes: int) -> None:
    """So many files of each lawyer read by one, and twenty more by two of three who differ."""
    person = factories.client(place.centre)
    readers = [reviews.reviewer(place.centre) for _each in range(3)]
    for size in sizes:
        lawyer = factories.lawyer(place.firm)
        for _turn in range(size):
            case = factories.case(place.centre, firm=place.firm, lawyer=lawyer, client=person)
            reviews.submitted(reviews.assignment(case, readers[0]), **reviews.GOOD)
    twice = [place.case(client=person) for _each in range(20)]
    totals_of(twice, readers, reviews.checklists_in_force()["civil"])


def rows_of(page: Page, part: str) -> Rows:
    found: Rows = page.locator(f"section:has(#{part}) tbody tr").evaluate_all(ROWS)
    return found


def pictures_of(page: Page, path: str) -> dict[str, Any]:
    """By their names; each is heard as one picture with a title and more, and what can be pressed lies beside it."""
    page.goto(path)
    found = page.evaluate(PICTURES)
    assert [(each["name"], each["said"]) for each in found if each["role"] != "img" or not each["unheard"]] == []
    assert [each["name"] for each in found if len(each["said"]) != 2 or not all(each["said"])] == []
    named = {each["name"]: each for each in found}
    assert len(named) == len(found), "two of a name would be heard as one"
    return named


def counts_heard(picture: dict[str, Any]) -> dict[str, int]:
    """Of bars: "已抽取: 71; …"."""
    return {label.strip(): int(count) for label, count in re.findall(r"([^;:.]+): (\d+)", picture["said"][1])}


def leads_to(page: Page, url: str, link: str) -> int:
    """How many cases the list behind a mark holds."""
    return len(re.findall(rf'href="{link}[0-9a-f]{{8}}-', page.request.get(url).text()))


def test_a_lawyer_finds_only_their_own_cases_and_no_client_s_word_below_five(opened: Opened, fonts) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        own = scored(place.case())
        other = scored(factories.case(place.centre, firm=place.firm, lawyer=factories.lawyer(place.firm)))
        for score in (100, 85, 65):
            voice(place.case(), score)
        voice(answered(place.case(), words=WORDS).case, 35)
        release_client_voice(now=LATER)
        page = opened(place.handler)

        page.goto(reverse("scoring:my-results"))
        expect(page.locator("main")).to_contain_text(own.case.number)
        expect(page.locator("main")).not_to_contain_text(other.case.number)
        before = page.locator("main").inner_text()
        results = {row.pk: CaseReview.objects.current().get(case=row.case) for row in (own, other)}
        seen = [
            page.request.get(address).status
            for row in (own, other)
            for address in (
                reverse("scoring:case-result", args=[row.case.public_id]),
                reverse("scoring:reasons-sheet", args=[row.case.public_id]),
                reverse("reviews:result", args=[results[row.pk].public_id]),
                reverse("reviews:my-file", args=[row.case.public_id]),
            )
        ]
        assert seen == [200] * 4 + [404] * 4

        voice(place.case(), 85)
        release_client_voice(now=LATER)
        page.goto(reverse("scoring:my-results"))
        after = page.locator("main").inner_text()
    assert ["份答复的平均分" in text for text in (before, after)] == [False, True]
    assert "5 份答复的平均分在 70 至 80 分之间" in after, "of the mean, 74, no more than where it lies"
    assert WORDS not in before + after


def test_on_its_last_day_an_appeal_is_taken_and_after_it_refused_whatever_is_sent(opened: Opened, fonts) -> None:
    place, notice = issued(RuleCode.S2)
    address = reverse("scoring:appeal", args=[notice.public_id])
    shown = reverse("scoring:notice", args=[notice.public_id])
    with time_machine.travel(DISPLAY_OVER, tick=True):
        page = opened(place.handler)
        other = opened(factories.user(Role.LAWYER, of=factories.lawyer(place.firm)))
        page.goto(shown)
        said = page.locator(f"form[action='{address}']").inner_text()
        until = date.fromisoformat((re.search(r"\d{4}-\d\d-\d\d", said) or [""])[0])
        assert other.request.get(shown).status == 404
        assert other.request.get(reverse("scoring:notice-file", args=[notice.public_id])).status == 404
    assert until == date(2026, 12, 29), "ten working days after it reached the lawyer's home"
    with time_machine.travel(datetime(2026, 12, 30, 0, 5, tzinfo=CHINA), tick=True):
        page = opened(place.handler)
        page.goto(shown)
        expect(page.locator(f"form[action='{address}']")).to_have_count(0)
        expect(page.locator("main")).to_contain_text(re.compile(r"申诉期限已于\s*2026-12-29"))
        assert lodged(page, address) in {409, 422}
        assert not Appeal.objects.exists()
    with time_machine.travel(datetime(2026, 12, 29, 23, 50, tzinfo=CHINA), tick=True):
        page = opened(place.handler)
        page.goto(shown)
        assert lodged(page, address) == 302
        assert Appeal.objects.count() == 1


def lodged(page: Page, address: str) -> int:
    """What is answered to the form, sent as it was before it left the page."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form: dict[str, Any] = {"text": "事实不清，请求复核。", "csrfmiddlewaretoken": token}
    return page.request.post(address, form=form, headers={"referer": page.url}, max_redirects=0).status


def test_each_picture_of_grades_says_what_its_table_says_and_of_few_cases_has_no_colour(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        firms(place, *[5] * 8, 3)
        for _each in range(3):
            graded(place.case(closed_on=date(2026, 8, 3)), 70)
        person = factories.client(neighbour := factories.centre(Organisation.objects.get(kind="bureau")))
        for _each in range(2):
            graded(factories.case(neighbour, client=person), 95)
        page = opened(place.manager)
        drawn = pictures_of(page, reverse("scoring:glance"))
        assert list(drawn) == ["funnel0", "run0", "scores0", "tasks0"]
        assert page.locator("p.finding").count() == 4

        for name, few, n in (("funnel0", "第8律师事务所", "3"), ("run0", "2026-Q3", "3")):
            table = {row[0]: row[1:4] for row in drawn[name]["tables"][0][1:]}
            assert table.pop(few) == [n, "3" if name == "funnel0" else "0", "—"]
            marks = {re.split("[：:] ?", mark["tip"])[0]: mark for mark in drawn[name]["marks"]}
            assert {first for first, mark in marks.items() if mark["fill"] == WHITE} >= {few}
            assert "%" not in marks.pop(few)["tip"]
            told = {first: re.findall(r"\d+", re.split("[：:] ?", mark["tip"])[1]) for first, mark in marks.items()}
            small = {first for first, cells in table.items() if cells[2] == "—"}
            assert {first: sorted(figures) for first, figures in told.items() if first not in small} == {
                first: sorted([share.removesuffix(" %"), n])
                for first, (n, _good, share) in table.items()
                if share != "—"
            }
            # Whoever uses no mouse finds every list of the picture in the table.
            assert {mark["href"] for mark in drawn[name]["marks"]} <= set(drawn[name]["pressed"])
            for first, mark in marks.items():
                assert leads_to(page, mark["href"], "/scoring/cases/") == min(int(table[first][0]), ROWS_A_PAGE)
        header, *steps = drawn["scores0"]["tables"][0]
        for kind, said in re.findall(r"([^;:]+): ([^;]+)", drawn["scores0"]["said"][1]):
            column = header.index(kind.strip())
            heard = dict(part.split(" ") for part in said.split(", "))
            assert {row[0].split("–")[0]: row[column] for row in steps if row[column] != "0"} == heard
        assert sum(int(cell) for row in steps for cell in row[1:]) == 46
        assert counts_heard(drawn["tasks0"]) == {label: int(n) for label, n in drawn["tasks0"]["tables"][0][1:]}

        beyond = opened(place.supervisor)
        drawn = pictures_of(beyond, reverse("scoring:glance"))
        assert {"centres0", "centres1"} <= set(drawn)
        table = {row[0]: row[1:] for row in drawn["centres0"]["tables"][0][1:]}
        assert table[neighbour.name] == ["2", "—"]
        for number in (0, 1):
            marks = drawn[f"centres{number}"]["marks"]
            whose = next(name for name in table if name in drawn[f"centres{number}"]["said"][0])
            behind = [leads_to(beyond, mark["href"], "/scoring/cases/") for mark in marks]
            counted = [int(re.findall(r"\d+", mark["tip"])[2]) for mark in marks]
            assert behind == [min(n, ROWS_A_PAGE) for n in counted]
            assert sum(counted) == int(table[whose][0])


def test_each_picture_of_reading_says_what_its_table_says_and_of_few_files_has_no_colour(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        reviews.checklists()
        files_read(place, 5, 2)
        page = opened(place.manager)
        drawn = pictures_of(page, reverse("reviews:overview"))
        assert {"grades", "losses", "differences"} <= set(drawn)

        header, *rows = drawn["losses"]["tables"][0]
        heard = re.findall(r"([^;]+): ([^;]+)", drawn["losses"]["said"][1])
        assert {label.strip(): part.split(", ") for label, part in heard} == {
            row[0]: [f"{name} {cell.removesuffix(' %')}" for name, cell in zip(header[1:], row[1:], strict=True)]
            for row in rows
        }
        few = header.index(next(name for name, cell in zip(header, rows[0], strict=True) if cell == "n=2"))
        assert {row[few] for row in rows[1:]} == {"0/2", "2/2"}
        seen = [mark["tip"] for mark in drawn["losses"]["marks"] if mark["fill"]]
        assert len(seen) == sum(cell.endswith(" %") for row in rows for cell in row[1:])
        assert not any(header[few] in tip for tip in seen)
        links = {mark["href"] for mark in drawn["losses"]["marks"] if mark["href"]}
        assert links == set(drawn["losses"]["pressed"])
        behind = [leads_to(page, url, "/reviews/results/") for url in links if "item=A2" in url]
        assert sorted(behind) == [2, 5, 7]

        _header, whole, *_kinds = drawn["grades"]["tables"][0]
        said = dict(re.findall(r"(优秀|良好|合格|不合格) (\d+)", drawn["grades"]["said"][1].split(";")[0]))
        assert {re.split(r"\s", cell)[0] for cell in whole[2:6]} == set(said.values()) | {"0"}
        limits = {row[0]: row[1] for row in drawn["differences"]["tables"][1][1:]}
        for name, points in limits.items():
            assert f"{name}{points}" in drawn["differences"]["said"][1].replace(" ", "").replace("-", "−")


def test_each_picture_of_asking_says_what_its_table_says_and_of_few_answers_has_no_colour(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        texted = Course(1, Channel.SMS_TWO_WAY, MessageState.DELIVERED, Mode.SMS)
        crowd(place.centre, 12, courses=(texted,))
        crowd(place.centre, 2, courses=(Course(1, Channel.TELEPHONE, None, Mode.TELEPHONE, PhoneOutcome.REACHED),))
        page = opened(place.manager)
        drawn = pictures_of(page, reverse("surveys:funnel"))
        assert len(drawn) >= 3
        for name, picture in drawn.items():
            table = {row[0]: int(row[1]) for row in picture["tables"][0][1:]}
            assert counts_heard(picture) == table, name
            fills = {mark["fill"] for mark in picture["marks"] if mark["fill"]}
            first = next(iter(table.values()))
            assert fills == ({GREY} if first < 5 else {BLUE}), name
        for mark in drawn:
            for url in [each for each in drawn[mark]["pressed"] if "step=answered" in each]:
                step = next(row for row in drawn[mark]["tables"][0] if row[0] == "已答复")
                assert leads_to(page, url, "/cases/") == int(step[1])

        drawn = pictures_of(page, reverse("surveys:answers"))
        rows = page.locator("section table").first.locator("tbody tr").evaluate_all(ROWS)
        heads = page.locator("section table").first.locator("thead th").all_inner_texts()
        counts = dict(zip(heads[1:6], (re.split(r"\s", cell)[0] for cell in rows[0][1:6]), strict=True))
        heard = drawn["opinions"]["said"][1]
        assert all(f"{choice} {n}" in heard for choice, n in counts.items() if n != "0")
        small = next(row for row in rows if row[-1] == "2")
        assert "%" not in "".join(small)
        silent = int(rows[0][-3]) + int(rows[0][-2])
        assert sum(map(int, counts.values())) + silent == Response.objects.count()


def test_filters_live_in_the_address_and_the_file_holds_what_the_page_does(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        firms(place, 6, 5)
        graded(factories.case(place.centre, case_type="criminal"), 95)
        reviews.checklists()
        accused = factories.case(place.centre, case_type="criminal")
        for order in (1, 2):
            reviews.submitted(reviews.assignment(accused, reviews.reviewer(place.centre), order=order))
        crowd(place.centre, 40)
        page, other = opened(place.manager), opened(place.manager)
        for name in ("scoring:glance", "reviews:overview", "surveys:funnel", "surveys:answers", "scoring:standings"):
            page.goto(reverse(name))
            everything = said_on(page)
            page.select_option("[name=case_type]", "criminal")
            period = page.locator("[name=period] option").evaluate_all("all => all.map(each => each.value)")
            page.select_option("[name=period]", next(each for each in period if each == "2026-Q4"))
            page.locator("main form button").first.click()
            assert re.search("period=2026-Q4", page.url), name
            assert "case_type=criminal" in page.url
            assert said_on(page) != everything

            other.goto(page.url)
            assert said_on(other) == said_on(page), name
            for field in ("case_type", "period"):
                assert other.locator(f"[name={field}]").input_value() == page.locator(f"[name={field}]").input_value()
            files = other.locator("main a[href*=csv]").evaluate_all("all => all.map(each => each.href)")
            assert files, name
            shown = other.locator("main tbody tr").evaluate_all(ROWS)
            for url in files:
                text = other.request.get(url).body().decode("utf-8-sig")
                _header, *rows = csv.reader(io.StringIO(text))
                # Of those who favour, the page tells the share and the file their number, too.
                told = [row for row in rows if not any(cell.endswith("以上") for cell in row)]
                told = cells_of(rows) if "chart=losses" in url else told
                # The file of the standings goes on with figures that the page has no column for.
                told = [row[:6] for row in rows] if name == "scoring:standings" else told
                assert unsaid(told, shown) == [], (name, url)


def said_on(page: Page) -> str:
    return AS_OF.sub("", page.locator("main").inner_text())


def unsaid(rows: Rows, shown: Rows) -> Rows:
    """Lines of a file of which the page has none that says the same figures, one after the other."""
    lines = [FIGURE.findall(" ".join(row)) for row in shown]
    return [row for row in rows if not any(follow(figures_in(row), iter(line)) for line in lines)]


def figures_in(row: list[str]) -> list[str]:
    return [found for cell in row if (found := cell.removesuffix(" %")) and FIGURE.fullmatch(found)]


def follow(figures: list[str], line: Iterator[str]) -> bool:
    return all(figure in line for figure in figures)


def cells_of(rows: Rows) -> Rows:
    """Of a file with a line for each cell of the map, the cells of each item as the map says them, without lawyers."""
    found: dict[str, list[str]] = {}
    for item, _lawyer, files, docked, lost in rows:
        said = [lost] if lost else [docked, files] if files != "0" else []
        found.setdefault(item, []).extend(part for part in said if part)
    return list(found.values())


def test_a_picture_can_be_read_by_keys_alone(opened: Opened) -> None:
    with time_machine.travel(NOW, tick=True):
        place = office()
        firms(place, 6, 5)
        page = opened(place.manager)
        page.set_viewport_size({"width": 375, "height": 800})
        page.goto(reverse("scoring:glance"))
        assert page.locator("figure.qa-figure:not([tabindex='0'])").count() == 0
        assert page.locator("figure.qa-figure").evaluate_all(NAMELESS) == 0

        figure = page.locator("figure.qa-figure").first
        figure.focus()
        assert figure.evaluate("each => parseFloat(getComputedStyle(each).outlineWidth)") > 0
        page.keyboard.press("ArrowRight")
        assert figure.evaluate(SCROLLED) > 0
        page.locator("section:has(#funnel) tbody a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/scoring/scores?**")
        expect(page.locator("tbody tr")).to_have_count(6)


def test_the_paper_is_whole_and_its_code_leads_to_the_page_that_says_whether_it_holds(
    opened: Opened, fonts, live_server, settings, tmp_path: Path
) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    place = office()
    place.lawyer.name = f"欧阳{UNPRINTABLE}"
    place.lawyer.save()
    _place, row = ready(RuleCode.S2, place)
    with time_machine.travel(DISPLAY_OVER, tick=True):
        page = opened(place.supervisor)
        issue(page, row)
        expect(page.locator("main")).to_contain_text("U+E123")
        assert not Notice.objects.exists(), "no number for what cannot be printed"
        place.lawyer.name = f"欧阳{RARE}"
        place.lawyer.save()
        issue(page, row)
        render_notices(now=DISPLAY_OVER)
        notice = Notice.objects.get()

        page.goto(reverse("scoring:notice", args=[notice.public_id]))
        facts = page.locator("main dl.facts").inner_text()
        paper = page.request.get(reverse("scoring:notice-file", args=[notice.public_id])).body()
        text = "".join(tool("pdftotext", "-layout", "{}", "-", data=paper, folder=tmp_path).split())
        assert notice.label in text
        assert place.lawyer.name in text
        assert text.count("2026年12月15日") >= 1, "the day of issue"
        assert "2026-12-15" in facts
        (due,) = re.findall(r"于(\d{4}年\d{1,2}月\d{1,2}日)前（含当日）向", text)
        assert iso(due) in facts, "the page and the paper name one last day"
        assert iso(due) > "2026-12-15"
        assert "自收到本通知书之日起10个工作日内" in text
        assert not set(text) & {"\ufffd", "\u25af", UNPRINTABLE}
        whole(paper, tmp_path)
        assert codes_of(paper, tmp_path) == [f"{live_server.url}/v/{notice.verify_code}"]

        anybody = opened(None)
        anybody.goto(f"{live_server.url}/v/{notice.verify_code}")
        expect(anybody.locator(".verdict.valid")).to_contain_text("有效")
        expect(anybody.locator("main")).to_contain_text(notice.label)
        expect(anybody.locator("main")).to_contain_text("2026-12-15")
        digest = hashlib.sha256(paper).hexdigest()
        assert digest in "".join(anybody.locator("main").inner_text().split())
        withdraw(page, notice)
        anybody.reload()
        expect(anybody.locator(".verdict.revoked")).to_contain_text("已撤销")
        expect(anybody.locator(".valid")).to_have_count(0)
        answer = anybody.request.get(f"{live_server.url}/v/AAAAAAAAAA")
        assert (answer.status, "未找到" in answer.text()) == (404, True)


def iso(day: str) -> str:
    """2026年12月5日 as pages write it."""
    return "-".join(part.zfill(2) for part in re.findall(r"\d+", day))


def whole(paper: bytes, folder: Path) -> None:
    """On A4, with every face in the file."""
    assert A4.search(tool("pdfinfo", "{}", data=paper, folder=folder))
    listed = tool("pdffonts", "{}", data=paper, folder=folder).splitlines()[2:]
    assert listed
    assert [line for line in listed if not re.search(r" yes yes (yes|no) +\d+ +\d+$", line)] == []


def codes_of(paper: bytes, folder: Path) -> list[str]:
    """What a telephone reads from the printed pages."""
    tool("pdftoppm", "-r", "150", "-png", "{}", str(folder / "page"), data=paper, folder=folder)
    pictures = [str(each) for each in sorted(folder.glob("page-*.png"))]
    # zbarimg fails when one of the pages bears no code.
    read = subprocess.run(["zbarimg", "-q", "--raw", *pictures], check=False, capture_output=True, text=True)
    return read.stdout.split()


def issue(page: Page, row: Proposal) -> None:
    address = reverse("scoring:issue", args=[row.public_id])
    page.goto(reverse("scoring:proposal", args=[row.public_id]))
    page.click(f"form[action='{address}'] button")
    page.wait_for_load_state()


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
        files_read(place, 5, 2)
        crowd(place.centre, 40)
        page = opened(place.manager)
        for name in PRINTED:
            page.goto(reverse(name))
            texts = page.locator("main thead th:not(:has(.visually-hidden))").all_inner_texts()
            # A head may lie on two lines; read as they were drawn, cell by cell, they stand together.
            heads = [part for head in texts for part in re.findall(r"[\u4e00-\u9fff]+|[^\s\u4e00-\u9fff]+", head)]
            assert clipped_on_paper(page) == [], name
            page.emulate_media(media="print")
            assert page.locator(ACTS).evaluate_all(SHOWN_IN_PRINT) == [], name
            paper = page.pdf(format="A4", prefer_css_page_size=True)
            page.emulate_media(media="screen")
            each = tool("pdftotext", "-raw", "{}", "-", data=paper, folder=tmp_path).split("\f")[:-1]
            printed = ["".join(sheet.split()) for sheet in each]

            assert A4.search(tool("pdfinfo", "{}", data=paper, folder=tmp_path)), name
            assert [head for head in heads if head not in "".join(printed)] == [], name
            if name == "cases:list":
                assert len(printed) > 1
                assert [[head for head in heads if head not in sheet] for sheet in printed] == [[]] * len(printed)


def test_keys_alone_lead_to_a_decision_and_each_of_their_stops_is_seen(opened: Opened) -> None:
    place, row = heard(RuleCode.S2)
    page = opened(place.manager)
    page.goto(reverse("scoring:proposal", args=[row.public_id]))
    page.locator("input[name=outcome]").first.wait_for()

    stops: list[dict[str, Any]] = []
    while len(stops) < 80:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
        if stop["what"] == "TEXTAREA":
            page.keyboard.type("事实清楚。")
        elif stop["told"] == "outcome":
            page.keyboard.press("Space")

    assert [stop for stop in stops if not stop["seen"]] == []
    assert {"A", "BUTTON", "SUMMARY", "INPUT", "TEXTAREA"} <= {stop["what"] for stop in stops}
    page.locator("textarea[name=reason]").first.focus()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    row.refresh_from_db()
    assert row.state == ProposalState.ACCEPTED


def test_what_a_table_is_about_stands_over_it(opened: Opened) -> None:
    place, row = heard(RuleCode.S2)
    page = opened(place.manager)
    page.goto(reverse("scoring:proposal", args=[row.public_id]))

    found = page.locator("table", has_text="案卷中发现的问题")

    over = "table => table.caption.getBoundingClientRect().bottom <= table.tHead.getBoundingClientRect().top"
    assert found.evaluate(over)
