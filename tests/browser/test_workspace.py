"""The reviewer's workspace in a real browser: saving by itself, two windows, keys, totals, with and without scripts."""

import os
import time
from collections.abc import Iterator
from random import Random

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qa_service.accounts.enums import Role
from qa_service.accounts.middleware import KEPT_AS
from qa_service.accounts.models import User
from qa_service.common.rounding import half_up
from reviews.enums import Anchor
from reviews.marking import total
from reviews.models import Argument, Assignment, CaseReview, Mark, Review
from reviews.queries.checklists import standard_of
from reviews.queries.scorecard import stored_marks, values_of
from tests import factories
from tests.browser.looking import violations
from tests.reviews.factories import GOOD, account_of, assignment, marked, released, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row() -> Assignment:
    return assignment()


def signed_in(chromium: Browser, live_server, user: User, **options) -> BrowserContext:
    client = Client()
    client.force_login(user)
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", **options)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return context


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


@pytest.fixture
def desk(chromium: Browser, live_server, row: Assignment) -> Iterator[BrowserContext]:
    context = signed_in(chromium, live_server, reader_of(row))
    yield context
    context.close()


def left_alone_for_an_hour(context: BrowserContext) -> None:
    (key,) = [cookie["value"] for cookie in context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(key)
    session[KEPT_AS] = dict.fromkeys(("signed_in", "last"), int(time.time()) - 3600)
    session.save()


def workspace(context: BrowserContext, live_server, row: Assignment) -> Page:
    """The page by a clock that runs as clocks do, and can be put forward."""
    page = context.new_page()
    page.set_default_timeout(8000)
    page.clock.install()
    page.goto(live_server.url + reverse("reviews:workspace", args=[row.review.public_id]))
    return page


def choose(page: Page, code: str, anchor: str) -> None:
    page.locator(f'label[for="{code}-{anchor}"]').click()


def sends_at_once(page: Page) -> None:
    """What waits for half a second without a further key."""
    page.clock.fast_forward(600)


def nothing_further_in(page: Page, milliseconds: int) -> None:
    """That time passes, and whatever it set off is on its way."""
    page.clock.fast_forward(milliseconds)
    page.evaluate("fetch(location).then(() => 0)")


# Whether the page may be left without a question, which it may as soon as all is saved.
SAVED = """async () => {
  const asks = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const latest = Date.now() + 8000;
  while (asks() && Date.now() < latest) await new Promise(requestAnimationFrame);
  return !asks();
}"""


def saved(page: Page) -> None:
    """All of it: the page says so, and would be left without a question."""
    sends_at_once(page)
    assert page.evaluate(SAVED)
    expect(page.locator("#save-state")).to_contain_text("已保存")


def test_signed_out_meanwhile_nothing_typed_is_lost_and_it_is_saved_after_signing_in(desk, live_server, row):
    page = workspace(desk, live_server, row)
    left_alone_for_an_hour(desk)
    page.locator("#A2-comment").fill("迟了三周")
    sends_at_once(page)
    expect(page.locator("#save-state")).to_contain_text("已自动退出")
    before = Mark.objects.filter(comment="迟了三周").count()
    with desk.expect_page() as opened:
        page.locator("#save-state a").click()
    door = opened.value
    door.locator("[name=username]").fill(reader_of(row).username)
    door.locator("[name=password]").fill(factories.PASSWORD)
    door.locator("main button").click()
    door.wait_for_url(live_server.url + "/")

    door.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page)

    assert (before, Mark.objects.filter(comment="迟了三周").count()) == (0, 1)


def test_two_windows_are_told_of_each_other_and_lose_nothing(desk, live_server, row):
    first, second = workspace(desk, live_server, row), workspace(desk, live_server, row)
    choose(first, "A1", "partly")
    saved(first)

    choose(second, "A1", "none")
    sends_at_once(second)
    expect(second.locator("#live-conflict")).to_be_visible()
    told = second.locator("#live-conflict-items").inner_text()
    unsettled = second.locator("#save-state").inner_text()
    before = Mark.objects.get(item__code="A1").anchor
    second.locator("#keep-mine").click()
    saved(second)

    assert told == "A1：本窗口为“不满足”，另一窗口为“部分满足”"
    assert "请在上方选择" in unsettled
    assert (before, Mark.objects.get(item__code="A1").anchor) == ("partly", "none")


def test_two_windows_that_both_wrote_of_the_whole_file_are_asked_which_words_stand(desk, live_server, row):
    first, second = workspace(desk, live_server, row), workspace(desk, live_server, row)
    write(first, "#review-comment", "甲窗口")
    saved(first)

    choose(second, "A1", "full")
    saved(second)
    taken = second.locator("#review-comment").input_value()
    write(second, "#review-comment", "乙窗口")
    saved(second)
    write(first, "#review-comment", "甲又写")
    sends_at_once(first)
    expect(first.locator("#live-conflict-items li")).to_have_count(1)
    told = first.locator("#live-conflict-items").inner_text()
    first.locator("#take-theirs").click()
    saved(first)

    assert (taken, told) == ("甲窗口", "对全卷的说明：本窗口为“甲又写”，另一窗口为“乙窗口”")
    assert first.locator("#review-comment").input_value() == Review.objects.get().comment == "乙窗口"


def test_a_window_that_marked_one_item_takes_nothing_from_another_that_marked_the_rest(desk, live_server, row):
    first, second = workspace(desk, live_server, row), workspace(desk, live_server, row)
    for code in ("A1", "A2", "B1"):
        choose(first, code, "full")
    first.locator("#B1-comment").fill("另见函")
    saved(first)

    choose(second, "A1", "none")
    choose(second, "B2", "mostly")
    sends_at_once(second)
    expect(second.locator("#live-conflict-items li")).to_have_count(1)
    taken = second.locator("#B1-comment").input_value()
    second.locator("#keep-mine").click()
    saved(second)

    given = Mark.objects.exclude(anchor="").values_list("item__code", "anchor")
    assert dict(given) == {"A1": "none", "A2": "full", "B1": "full", "B2": "mostly"}
    assert (taken, Mark.objects.get(item__code="B1").comment) == ("另见函", "另见函")


def told_apart(page: Page) -> bool:
    """Once it has saved: whether it asked which of two windows stands."""
    saved(page)
    return page.locator("#live-conflict").is_visible()


def test_two_windows_that_say_the_same_are_not_asked_and_the_other_one_s_mark_can_be_taken(desk, live_server, row):
    first, second = workspace(desk, live_server, row), workspace(desk, live_server, row)
    choose(first, "A1", "partly")
    saved(first)
    choose(second, "A1", "partly")
    same = told_apart(second)

    choose(first, "A1", "none")
    told_apart(first)
    choose(second, "A1", "mostly")
    sends_at_once(second)
    expect(second.locator("#live-conflict-items li")).to_have_count(1)
    second.locator("#take-theirs").click()

    assert (same, told_apart(second)) == (False, False)
    assert second.locator("#A1-none").is_checked()
    assert Mark.objects.get(item__code="A1").anchor == "none"


def test_words_on_the_whole_file_that_one_window_wrote_stand_and_its_own_can_be_kept(desk, live_server, row):
    first, second = workspace(desk, live_server, row), workspace(desk, live_server, row)
    write(first, "#review-comment", "两窗口相同")
    saved(first)
    write(second, "#review-comment", "两窗口相同")
    same = told_apart(second)

    choose(first, "A1", "full")
    told_apart(first)
    write(second, "#review-comment", "乙窗口")
    alone = told_apart(second), Review.objects.get().comment
    write(first, "#review-comment", "甲又写")
    sends_at_once(first)
    expect(first.locator("#live-conflict-items li")).to_have_count(1)
    first.locator("#keep-mine").click()

    assert (same, alone, told_apart(first)) == (False, (False, "乙窗口"), False)
    assert first.locator("#review-comment").input_value() == Review.objects.get().comment == "甲又写"


def write(page: Page, box: str, words: str) -> None:
    """As `fill`, which types no control characters."""
    page.locator(box).evaluate(
        "(box, words) => { box.value = words; box.dispatchEvent(new Event('input', { bubbles: true })); }", words
    )


def test_what_is_refused_is_named_once_and_the_rest_is_saved(desk, live_server, row):
    page = workspace(desk, live_server, row)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "PUT" else None)
    choose(page, "A1", "full")
    choose(page, "A2", "partly")
    write(page, "#A2-comment", "晚了\0三周")
    choose(page, "B1", "none")
    state = page.locator("#save-state")
    sends_at_once(page)

    expect(state.locator('a[href="#item-A2"]')).to_be_visible()
    expect(state).to_contain_text("NUL")
    expect(state).not_to_contain_text("重试")
    many = len(asked)
    nothing_further_in(page, 6000)
    assert len(asked) == many
    assert sorted(Mark.objects.exclude(anchor="").values_list("item__code", flat=True)) == ["A1", "B1"]

    page.locator("#A2-comment").fill("晚了三周")
    sends_at_once(page)
    expect(state.locator("a")).to_have_count(0)
    saved(page)
    assert Mark.objects.get(item__code="A2").comment == "晚了三周"


def test_a_remark_that_no_notice_could_quote_is_named_while_it_can_be_changed(desk, live_server, row):
    page = workspace(desk, live_server, row)
    choose(page, "A1", "full")
    choose(page, "A2", "partly")
    write(page, "#A2-comment", "晚了三周😀")
    state = page.locator("#save-state")
    sends_at_once(page)

    expect(state.locator('a[href="#item-A2"]')).to_be_visible()
    expect(state).to_contain_text("“😀”无法印出")
    page.locator("#A2-comment").fill("晚了三周")
    sends_at_once(page)
    expect(state.locator("a")).to_have_count(0)
    saved(page)
    assert Mark.objects.get(item__code="A2").comment == "晚了三周"


def test_a_comment_on_the_whole_file_that_is_refused_is_named(desk, live_server, row):
    page = workspace(desk, live_server, row)

    choose(page, "A1", "full")
    page.locator("#review-comment").fill("长" * 2001)
    sends_at_once(page)

    link = page.locator('#save-state a[href="#review-comment"]')
    expect(link).to_be_visible()
    expect(page.locator("#save-state")).to_contain_text("2000")
    nothing_further_in(page, 1500)
    assert Mark.objects.get(item__code="A1").anchor == "full"


def test_the_running_total_is_the_servers_for_any_marks(desk, live_server, row):
    page = workspace(desk, live_server, row)
    standard = standard_of(row.checklist)
    dice = Random(11)
    for code in standard.items:
        choose(page, code, dice.choice(list(Anchor)))
    page.locator("#E1-reason").select_option("reasoned_rejected")
    shown_total = page.locator("#running-total").inner_text()
    saved(page)

    review = Review.objects.get(assignment=row)
    assert Mark.objects.filter(review=review).count() == len(standard.items)
    assert shown_total == str(half_up(total(standard.sheet, values_of(stored_marks(review.pk, standard))).score))


def test_citing_a_paper_fills_the_page_of_the_item(desk, live_server, row):
    page = workspace(desk, live_server, row)
    page.locator("#paper-opinion").fill("31-35")
    page.locator("#item-C2").focus()

    page.locator('[data-cite="paper-opinion"]').click()

    assert page.locator("#C2-page").input_value() == "31-35"


def test_a_whole_review_without_scripts(chromium, live_server, row):
    context = signed_in(chromium, live_server, reader_of(row), java_script_enabled=False)
    page = workspace(context, live_server, row)
    for code in standard_of(row.checklist).items:
        choose(page, code, "full")
    choose(page, "A2", "partly")

    page.locator("#submit-review").click()
    assert page.locator("#error-summary li").count() == 2
    page.locator("#error-summary a").first.click()
    page.locator("#A2-reason").select_option("late")
    page.locator("#A2-page").fill("12")
    page.locator("#submit-review").click()
    page.get_by_role("button", name="提交并锁定").click()

    assert Review.objects.get(assignment=row).state == "submitted"
    context.close()


def test_pages_hold_their_width_and_read_well(chromium, live_server, row):
    centre = row.case.centre
    person = reader_of(row)
    marked(row, **GOOD)
    case = factories.case(centre)
    released(case)
    lawyer = account_of(case.lawyer)
    boss = factories.user(Role.MANAGER, at=centre)
    submitted(assignment(factories.case(centre)))
    result = CaseReview.objects.get(case=case)
    done = Review.objects.filter(state="submitted", assignment__case=case).get()
    doors = [
        (person, "reviews:my-reviews", []),
        (person, "reviews:workspace", [row.review.public_id]),
        (person, "reviews:submit", [row.review.public_id]),
        (User.objects.get(pk=done.assignment.reviewer_id), "reviews:workspace", [done.public_id]),
        (lawyer, "reviews:results", []),
        (lawyer, "reviews:result", [result.public_id]),
        (boss, "reviews:samples", []),
        (boss, "reviews:draw", []),
        (boss, "reviews:assignments", []),
        (boss, "reviews:reassign", [row.public_id]),
        (boss, "reviews:vetoes", []),
        (boss, "reviews:objections", []),
        (boss, "reviews:result", [result.public_id]),
    ]
    faults: list[str] = []
    heard: list[str] = []
    pages: dict[User, Page] = {}
    for number, (user, name, arguments) in enumerate(doors):
        if user not in pages:
            pages[user] = signed_in(chromium, live_server, user).new_page()
            pages[user].on("console", lambda message: heard.append(message.text))
        page = pages[user]
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(live_server.url + reverse(name, args=arguments))
        faults += [f"{name}: {found}" for found in violations(page)]
        for width in (375, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            faults += [f"{name} at {width}: {beyond} px"] if beyond > 0 else []
        if os.environ.get("PICTURES"):
            page.screenshot(path=f"{os.environ['PICTURES']}/{number:02}-{name[8:]}-1280.png", full_page=True)
            page.set_viewport_size({"width": 375, "height": 800})
            page.screenshot(path=f"{os.environ['PICTURES']}/{number:02}-{name[8:]}-375.png", full_page=True)
    for page in pages.values():
        page.context.close()

    assert (faults, heard) == ([], [])


def test_the_ledger_saves_itself_and_marks_its_item_where_the_reader_takes_the_proposal(desk, live_server, row):
    page = workspace(desk, live_server, row)
    for name, value in (
        ("words", "加班费应按三倍计"),
        ("page", "33"),
        ("judgment_page", "5"),
        ("reasonable", "口径并存"),
    ):
        page.locator(f"#L1-{name}").fill(value)
    page.locator("#L1-treatment").select_option("rejected")
    sends_at_once(page)
    expect(page.locator("#ledger-words")).to_contain_text("75")

    page.locator("#take-proposal").click()
    sends_at_once(page)
    expect(page.locator("#save-state")).to_contain_text("已保存")

    line, mark = Argument.objects.get(), Mark.objects.get(item__code="E1")
    assert (line.words, line.treatment, line.reasonable) == ("加班费应按三倍计", "rejected", "口径并存")
    assert (mark.anchor, mark.reason_code) == ("mostly", "reasoned_rejected")
