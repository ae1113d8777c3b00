"""The reviewer's workspace in a real browser, by its five checks; the number of each stands in the name of its test.

21 keys; those of the scanned file: see `test_scans`      24 what is missing, and the one total
22 it saves itself                                        25 hidden from the other reader; closed to whoever is tied
23 two windows: see `test_workspace`, too
"""

import re
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.rounding import half_up
from reviews.marking import total
from reviews.models import Assignment, CaseReview, Mark, Review
from reviews.queries.checklists import standard_of
from reviews.queries.scorecard import stored_marks, values_of
from reviews.services.catalogue import save_catalogue
from reviews.services.ledger import ArgumentEntry
from reviews.services.marks import MarkEntry, save_marks
from reviews.services.submission import submit_review
from reviews.services.vetoes import mark_veto
from scoring.services.scores import rescore_changed
from tests import factories
from tests.browser.test_workspace import choose, reader_of, saved, sends_at_once, signed_in, workspace
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.reviews.factories import assignment, reviewer
from tests.reviews.scanning import scanned
from tests.scoring.factories import scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERY_KEY = "jk1234nNcCpPsS[]fF?"
CHOSEN = "[...document.querySelectorAll('[data-field=anchor]:checked')].map((radio) => radio.id)"
FOCUSED = "document.activeElement.id"


@pytest.fixture
def row(settings, tmp_path) -> Assignment:
    settings.MEDIA_ROOT = tmp_path / "files"
    return assignment()


@pytest.fixture
def desk(chromium: Browser, live_server, row: Assignment) -> Iterator[BrowserContext]:
    context = signed_in(chromium, live_server, reader_of(row))
    yield context
    context.close()


def choose_all(page: Page, marks: dict[str, str]) -> None:
    choices = [f"{code}-{anchor}" for code, anchor in marks.items()]
    page.evaluate("(all) => all.forEach((each) => document.getElementById(each).click())", choices)


def sent_by(page: Page) -> list[str]:
    """What the page sends to be stored, as it goes on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method in {"PUT", "POST"} else None)
    return sent


def presses(page: Page, keys: str) -> list[str]:
    """The keys one by one; which element has the focus after each."""
    found = []
    for key in keys:
        page.keyboard.press(key)
        found.append(page.evaluate(FOCUSED))
    return found


def test_21_each_key_does_its_act_and_none_while_typing_or_once_they_are_switched_off(desk, live_server, row):
    page = workspace(desk, live_server, row)
    page.clock.pause_at(int(time.time() * 1000) + 60_000)  # nothing is saved but by a key
    sent = sent_by(page)

    assert presses(page, "jjkJK") == ["item-A1", "item-A2", "item-A1", "item-A2", "item-A1"]
    for key, anchor in (("1", "full"), ("2", "mostly"), ("3", "partly"), ("4", "none"), ("n", "na"), ("3", "partly")):
        page.keyboard.press(key)
        assert page.evaluate(CHOSEN) == [f"A1-{anchor}"]
    heard = page.locator("#heard").inner_text()
    assert (heard.startswith("A1 部分满足"), page.locator("#running-total").inner_text() in heard) == (True, True)
    for key, focus in (("c", "A1-comment"), ("p", "A1-page")):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == focus
        page.keyboard.press("Escape")
        assert page.evaluate(FOCUSED) == "item-A1"

    # In each kind of box every key is a letter, of which a list takes none.
    for box in ("A1-comment", "A1-page", "A1-reason", "review-comment", "L1-words", "paper-opinion", "V1-statement"):
        page.locator(f"details:has(#{box})").evaluate_all("(all) => all.forEach((each) => (each.open = true))")
        page.locator(f"#{box}").focus()
        assert set(presses(page, EVERY_KEY)) == {box}
        if "reason" not in box:
            assert page.locator(f"#{box}").input_value() == EVERY_KEY
    assert (page.evaluate(CHOSEN), page.locator("#help").is_visible(), sent) == (["A1-partly"], False, [])
    # Nor does a key of the browser's own.
    page.locator("#item-A1").focus()
    for key in ("Control+1", "Alt+2"):
        page.keyboard.press(key)
    assert page.evaluate(CHOSEN) == ["A1-partly"]

    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("4")
    page.keyboard.press("Escape")
    assert (page.locator("#help").is_visible(), page.evaluate(CHOSEN)) == (False, ["A1-partly"])
    for box in ("A1-page", "A1-comment", "L1-words"):
        page.locator(f"#{box}").fill("12" if box == "A1-page" else "")
    page.locator("#item-A1").focus()
    assert sent == []
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.keyboard.press("s")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/submit")

    page.goto(live_server.url + reverse("accounts:preferences"))
    page.locator("[name=shortcuts_enabled]").uncheck()
    page.locator("main form button").first.click()
    page.goto(live_server.url + reverse("reviews:workspace", args=[row.review.public_id]))
    page.locator("#item-A2").focus()
    before, sent[:] = page.evaluate(CHOSEN), []
    assert set(presses(page, EVERY_KEY)) == {"item-A2"}
    page.keyboard.press("Control+Enter")
    page.locator("#show-help").click()
    assert page.locator("#help").is_visible()  # its button stays
    assert (page.evaluate(CHOSEN), sent, page.url.endswith("/submit")) == (before, [], False)


def test_22_it_saves_itself_says_so_and_keeps_what_the_server_did_not_take(desk, live_server, row):
    page = workspace(desk, live_server, row)
    state = page.locator("#save-state")
    expect(state).to_have_text("尚未评分")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/**", hold)
    choose(page, "A2", "partly")
    page.locator("#A2-page").fill("12")
    sends_at_once(page)
    expect(state).to_have_text("正在保存…")
    held[0].continue_()
    saved(page)
    expect(state).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"))
    page.close()

    # Of the browser's own memory nothing is taken for saved, neither of pages nor of forms.
    assert "no-store" in desk.request.get(page.url).headers["cache-control"]
    page = workspace(desk, live_server, row)
    state = page.locator("#save-state")
    assert (page.locator("#A2-partly").is_checked(), page.locator("#A2-page").input_value()) == (True, "12")
    page.locator("#A2-page").fill("13")
    saved(page)
    page.locator("#submit-review").click()
    page.wait_for_url("**/submit")
    page.go_back()
    assert (page.locator("#A2-partly").is_checked(), page.locator("#A2-page").input_value()) == (True, "13")
    expect(page.locator("#running-total")).to_have_text("95.80")
    expect(page.locator("#marked")).to_have_text("1")

    desk.set_offline(True)
    choose(page, "A2", "none")
    page.locator("#A2-comment").fill("没有网络时所写")
    sends_at_once(page)
    expect(state).to_have_text("未保存。您的评分还在页面上，正在重试。")
    assert "unsaved" in (state.get_attribute("class") or "")
    assert page.evaluate('!dispatchEvent(new Event("beforeunload", { cancelable: true }))')  # leaving is asked about
    assert (page.locator("#A2-none").is_checked(), page.locator("#A2-comment").input_value()) == (
        True,
        "没有网络时所写",
    )
    before = Mark.objects.get(item__code="A2").anchor
    desk.set_offline(False)
    page.clock.fast_forward(5000)
    saved(page)
    mark = Mark.objects.get(item__code="A2")
    assert (before, mark.anchor, mark.comment) == ("partly", "none", "没有网络时所写")


def test_23_a_window_left_at_the_question_submits_nothing_that_another_has_changed_since(desk, live_server, row):
    page = workspace(desk, live_server, row)
    choose_all(page, dict.fromkeys(standard_of(row.checklist).items, "full"))
    saved(page)
    asking = desk.new_page()
    asking.goto(f"{page.url}/submit")
    shown = asking.locator("main strong").first.inner_text()
    choose(page, "C3", "na")
    choose(page, "D1", "mostly")
    page.locator("#D1-reason").select_option("other")
    page.locator("#D1-page").fill("目录")
    saved(page)

    asking.get_by_role("button", name="提交并锁定").click()
    asking.wait_for_load_state()

    expect(asking.locator("main")).to_contain_text("已在另一窗口修改")
    assert (shown, asking.locator("main strong").first.inner_text()) == ("100.00", "99.00")
    assert Review.objects.get().state == "draft"


# A third of a point is lost here and there, so that every total has to be rounded.
MARKS = {"A2": "partly", "A3": "na", "B1": "mostly", "C2": "mostly", "C3": "na", "D1": "na", "D2": "mostly",
         "F1": "na", "F2": "partly"}  # fmt: skip
DEDUCTED = [code for code, anchor in MARKS.items() if anchor != "na"]
SHOWN = "82.88"


def test_24_what_is_missing_is_a_link_to_it_and_the_total_is_the_same_wherever_it_stands(
    desk, live_server, row, chromium, fonts
):
    page = workspace(desk, live_server, row)
    choose_all(page, {code: MARKS.get(code, "full") for code in standard_of(row.checklist).items if code != "C1"})
    for code in DEDUCTED:
        page.locator(f"#{code}-reason").select_option(index=2)
        page.locator(f"#{code}-page").fill("12-14")
    page.locator("#A2-reason").select_option("")
    page.locator("#F2-page").fill("")
    page.locator("#submit-review").click()
    page.wait_for_url("**/submit")

    page.set_viewport_size({"width": 375, "height": 667})  # where bars that stay take most of the room
    page.emulate_media(reduced_motion="reduce")  # it is there at once, and not on its way
    lacking = page.locator("#error-summary li")
    named = [words[:2] for words in lacking.all_inner_texts()]
    assert (named, page.title()[:3]) == (["A2", "C1", "F2"], "错误：")
    for at, code in enumerate(named):
        lacking.nth(at).locator("a").click()
        page.wait_for_url(f"**#item-{code}")
        assert page.evaluate(FOCUSED) == f"item-{code}"
        expect(page.locator(f"#item-{code} legend")).to_be_in_viewport(ratio=1)
        assert in_the_way(page, f"#item-{code} legend") == []
        page.go_back()
    page.set_viewport_size({"width": 1280, "height": 800})
    lacking.nth(0).locator("a").click()
    choose(page, "C1", "full")
    page.locator("#C2-comment").fill("诉求与证据未逐条对应。" * 12)
    page.locator("#A2-reason").select_option("late")
    page.locator("#F2-page").fill("目录")
    shown = {"screen": page.locator("#running-total").inner_text()}
    saved(page)
    shown["printed scorecard"] = scorecard = on_paper(page)
    assert scorecard.count("证据未逐条") == 12
    page.emulate_media(media="print")  # of boxes left empty not even their labels: reason and page of each, one comment
    expect(page.locator(".deduction .form-label:visible")).to_have_count(2 * len(DEDUCTED) + 1)
    page.emulate_media(media="screen")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/submit")
    shown["question"] = page.locator("main strong").first.inner_text()
    api = live_server.url + reverse("api-review", args=[row.review.public_id])
    shown["program"] = desk.request.get(api).json()["total"]
    page.get_by_role("button", name="提交并锁定").click()
    page.wait_for_url("**/reviews/")
    page.goto(live_server.url + reverse("reviews:workspace", args=[row.review.public_id]))
    shown["locked"] = page.locator("main strong").first.inner_text()
    shown["printed"] = on_paper(page)
    review, standard = Review.objects.get(), standard_of(row.checklist)
    shown["server"] = str(half_up(total(standard.sheet, values_of(stored_marks(review.pk, standard))).score))
    shown["stored"] = str(half_up(review.total or Decimal(0)))
    shown |= as_the_manager_sees_it(
        signed_in(chromium, live_server, factories.user(Role.MANAGER, at=row.case.centre)), live_server
    )

    assert {where: words for where, words in shown.items() if SHOWN not in words} == {}


def on_paper(page: Page) -> str:
    """What is printed, without white space; signs that a font draws like a radical are the ordinary ones again."""
    done = subprocess.run(["pdftotext", "-", "-"], input=page.pdf(format="A4"), capture_output=True, check=True)
    return "".join(unicodedata.normalize("NFKC", done.stdout.decode()).split())


def in_the_way(page: Page, place: str) -> list[str]:
    """What lies over the middle of the element: a bar that stays where it is."""
    found: list[str] = page.locator(place).evaluate(
        """(element) => {
          const { left, top, height } = element.getBoundingClientRect();
          const above = document.elementFromPoint(left + 5, top + height / 2);
          return element.contains(above) || above.contains(element) ? [] : [above.className];
        }"""
    )
    return found


def as_the_manager_sees_it(office: BrowserContext, live_server) -> dict[str, str]:
    """The one result there is, on each page, list and paper."""
    scheme(now=timezone.now())
    rescore_changed(now=timezone.now())
    result = CaseReview.objects.current().get()
    doors = [
        ("reviews:result", result.public_id),
        ("reviews:paper", result.public_id),
        ("scoring:case-result", result.case.public_id),
        ("scoring:reasons-sheet", result.case.public_id),
        ("api-review-result", result.public_id),
    ]
    found = {}
    for name, public_id in doors:
        answer = office.request.get(live_server.url + reverse(name, args=[public_id]))
        of_paper = answer.headers["content-type"] == "application/pdf"
        found[name] = text_of(answer.body()) if of_paper else answer.text()
    office.close()
    return found


FIRST = ("甲独自所写", "全卷评语只此一份", "90817–90819", "甲看出的否决", "甲录入的代理意见", "8181", "8282")


def handed_in_by_the_first(row: Assignment) -> str:
    """Everything that a reader can enter, each in words of its own; the total as it is shown."""
    person, review = reader_of(row), row.review.public_id
    entries = [
        MarkEntry(
            item=code,
            anchor=anchor,
            reason_code="other" if code in DEDUCTED else "",
            page="90817-90819" if code in DEDUCTED else "",
            comment=FIRST[0],
        )
        for code, anchor in ((code, MARKS.get(code, "full")) for code in standard_of(row.checklist).items)
    ]
    line = ArgumentEntry(number=1, words=FIRST[4], page="8181", judgment_page="8282", treatment="adopted")
    save_marks(review_id=review, version=0, entries=entries, arguments=[line], comment=FIRST[1], user=person, now=NOW)
    save_catalogue(review_id=review, typed={"opinion": "8181"}, user=person, now=NOW)
    mark_veto(review_id=review, code="V9", statement=FIRST[3], page="8282", user=person, now=NOW)
    done = submit_review(review_id=review, version=1, user=person, now=NOW)
    assert done.total is not None
    return str(half_up(done.total))


def test_25_the_second_reader_finds_nothing_of_the_first_anywhere(chromium, live_server, row):
    first = reader_of(row)
    scanned(row.case, ["a leaf"])
    shown = handed_in_by_the_first(row)
    second = assignment(row.case, reviewer(row.case.centre), order=2)
    context = signed_in(chromium, live_server, reader_of(second))
    page = workspace(context, live_server, second)

    found = {"workspace": page.content(), "printed": on_paper(page)}
    chosen = page.evaluate(CHOSEN)
    own, theirs = second.review.public_id, row.review.public_id
    result = CaseReview.objects.current().get()
    case = row.case.public_id
    doors: list[tuple[str, list[Any]]] = [("home", [])]
    doors += [(f"reviews:{name}", []) for name in ("my-reviews", "my-agreement", "my-calibrations")]
    doors += [(f"reviews:{name}", [of]) for name in ("workspace", "submit", "read-scans") for of in (own, theirs)]
    doors += [("reviews:result", [result.public_id]), ("reviews:paper", [result.public_id])]
    doors += [("reviews:file-readers", [case]), ("reviews:file", [case])]
    doors += [("scoring:case-result", [case]), ("scoring:reasons-sheet", [case]), ("api-reviews", [])]
    doors += [(f"api-{name}", [of]) for name in ("review", "review-marks", "review-vetoes") for of in (own, theirs)]
    doors += [("api-review-results", []), ("api-review-result", [result.public_id]), ("api-vetoes", [])]
    doors += [("api-assignments", []), ("api-review-overview", []), ("api-my-agreement", [])]
    status = {}
    for name, arguments in doors:
        answer = context.request.get(live_server.url + reverse(name, args=arguments))
        of = "theirs" if arguments == [theirs] else ""
        status[name, of] = answer.status
        found[f"{name} {of}"] = answer.text()
    conflict = context.request.put(
        live_server.url + reverse("api-review-marks", args=[own]),
        data={"version": 99, "marks": []},
        headers={"X-CSRFToken": page.locator("#scorecard [name=csrfmiddlewaretoken]").input_value()},
    )
    found["marks"] = conflict.text()
    context.close()

    assert (chosen, conflict.status) == ([], 409)
    assert {name for (name, of), code in status.items() if of and code not in {404, 405}} == set()
    assert status["reviews:workspace", ""] == status["api-review", ""] == status["reviews:read-scans", ""] == 200
    names = (*FIRST, shown, first.display_name, first.username)
    assert {(door, word) for door, text in found.items() for word in names if word in text} == set()


def test_25_whoever_is_tied_to_a_case_by_now_is_refused_at_every_address_of_it(chromium, live_server, row):
    scan = scanned(row.case, ["a leaf of the file"])
    context = signed_in(chromium, live_server, reader_of(row))
    page = workspace(context, live_server, row)
    own, case = row.review.public_id, row.case
    doors = [(f"reviews:{name}", [own]) for name in ("workspace", "submit", "read-scans")]
    doors += [("reviews:read-page", [own, scan.public_id, 1]), ("api-review", [own])]
    before = {name: context.request.get(live_server.url + reverse(name, args=of)).status for name, of in doors}
    picture = page.locator("#viewer img").first.get_attribute("src")

    User.objects.filter(pk=row.reviewer_id).update(lawyer=case.lawyer)
    cache.clear()  # a minute later: pictures ask no sooner
    after = {name: context.request.get(live_server.url + reverse(name, args=of)) for name, of in doors}
    for name in ("reviews:submit", "reviews:catalogue", "reviews:veto", "api-review-submit", "api-review-vetoes"):
        veto = {"veto": "V9", "statement": "无", "page": "1"}
        # A program's door takes nothing that it does not know.
        data = {"api-review-submit": {"version": "0"}, "api-review-vetoes": veto}.get(name, veto | {"version": "0"})
        token = {"X-CSRFToken": page.locator("#scorecard [name=csrfmiddlewaretoken]").input_value()}
        kind: dict[str, Any] = {"data": data} if name.startswith("api") else {"form": data}
        door = live_server.url + reverse(name, args=[own])
        after[f"post {name}"] = context.request.post(door, headers=token, **kind)
    after["picture on the page"] = context.request.get(f"{live_server.url}{picture}")
    page.reload()
    printed = on_paper(page)

    assert set(before.values()) == {200}
    assert {name: answer.status for name, answer in after.items() if answer.status != 409} == {}
    told = {name: answer.text() for name, answer in after.items()} | {"printed": printed}
    named = (case.number, case.lawyer.name, case.firm.name, "a leaf of the file")
    assert {(door, word) for door, text in told.items() for word in named if word in text} == set()
    assert "承办过此案" in printed
    context.close()
