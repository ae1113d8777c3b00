"""The observer's form on a telephone in a corridor: narrow, without a network, and with one again."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from qa_service.accounts.models import User
from reviews.models import Observation, ObservedMark
from reviews.services.hearings import save_observation
from tests import factories
from tests.browser.looking import violations
from tests.browser.test_workspace import signed_in
from tests.factories import NOW
from tests.reviews.hearing_rows import observer, planned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^已保存 \d\d:\d\d")  # with its time: "kept on this device" says the word as well


@pytest.fixture
def row() -> Observation:
    centre = factories.centre()
    observer(centre)
    return planned(centre).observations.get()


@pytest.fixture
def telephone(chromium: Browser, live_server, row: Observation) -> Iterator[BrowserContext]:
    context = signed_in(chromium, live_server, User.objects.get(pk=row.observer_id))
    yield context
    context.close()


def test_what_is_typed_without_a_network_is_kept_and_sent_when_there_is_one(telephone, live_server, row):
    page = telephone.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    page.clock.install()
    url = live_server.url + reverse("reviews:observe", args=[row.public_id])
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []

    telephone.set_offline(True)
    page.locator('label[for="H1-partly"]').click()
    page.locator("#H1-comment").fill("庭前没有说话")
    page.clock.fast_forward(2000)
    expect(page.locator("#save-state")).to_contain_text("没有网络")
    page.get_by_role("button", name="正式提交").click()
    expect(page.locator("#save-state")).to_contain_text("尚未提交")
    without = ObservedMark.objects.count()
    telephone.set_offline(False)
    expect(page.locator("#save-state")).to_have_text(SAVED)

    mark = ObservedMark.objects.get(item__code="H1")
    assert (without, mark.anchor, mark.comment) == (0, "partly", "庭前没有说话")
    assert page.evaluate("localStorage.length") == 0


def test_what_was_typed_without_a_network_is_there_again_when_the_page_is_opened_anew(telephone, live_server, row):
    page = telephone.new_page()
    url = live_server.url + reverse("reviews:observe", args=[row.public_id])
    page.goto(url)
    telephone.set_offline(True)
    page.locator("#own-marks-comment").fill("第二次开庭")
    page.close()
    telephone.set_offline(False)

    again = telephone.new_page()
    again.goto(url)

    expect(again.locator("#own-marks-comment")).to_have_value("第二次开庭")
    expect(again.locator("#save-state")).to_have_text(SAVED)
    assert Observation.objects.get().comment == "第二次开庭"


def test_what_arrived_though_its_answer_was_lost_is_not_taken_for_another_device_s(telephone, live_server, row):
    page = telephone.new_page()
    page.clock.install()
    url = live_server.url + reverse("reviews:observe", args=[row.public_id])
    page.goto(url)
    changed = page.locator("#own-marks").get_attribute("data-text-changed")
    arrived = answers_are_lost(page)
    page.locator('label[for="H1-partly"]').click()
    page.locator("#H1-comment").fill("庭前没有说话。\n ")
    page.clock.fast_forward(2000)
    expect(page.locator("#save-state")).to_contain_text("没有网络")
    page.locator("#own-marks-comment").fill("第二次开庭")
    page.close()

    again = telephone.new_page()
    again.clock.install()
    again.goto(url)
    said = again.locator("#save-state").inner_text()
    expect(again.locator("#save-state")).to_have_text(SAVED)
    once = again.locator("#own-marks-comment").input_value(), Observation.objects.get().comment
    # And the same where the page stays open.
    later = answers_are_lost(again)
    again.locator("#H2-comment").fill("一")
    again.clock.fast_forward(2000)
    expect(again.locator("#save-state")).to_contain_text("没有网络")
    again.locator("#H2-comment").fill("一二")
    again.unroute("**/api/**")
    again.clock.fast_forward(15_000)
    expect(again.locator("#save-state")).to_contain_text("已保存")
    again.clock.fast_forward(2000)
    expect(again.locator("#save-state")).to_have_text(SAVED)

    comments = dict(ObservedMark.objects.exclude(comment="").values_list("item__code", "comment"))
    assert (said != changed, once, arrived, later) == (True, ("第二次开庭", "第二次开庭"), [200], [200])
    assert comments == {"H1": "庭前没有说话。", "H2": "一二"}
    assert again.evaluate("localStorage.length") == 0


def answers_are_lost(page: Page) -> list[int]:
    """What is sent arrives, and the page never hears of it; of each the status is noted."""
    arrived: list[int] = []

    def lose(route: Route) -> None:
        arrived.append(route.fetch().status)
        route.abort()

    page.route("**/api/**", lose)
    return arrived


def test_what_another_device_saved_is_overwritten_by_the_person_s_own_act_alone(telephone, live_server, row):
    page = telephone.new_page()
    url = live_server.url + reverse("reviews:observe", args=[row.public_id])
    page.goto(url)
    changed = page.locator("#own-marks").get_attribute("data-text-changed") or ""
    telephone.set_offline(True)
    page.locator("#own-marks-comment").fill("在走廊所写")
    page.close()
    telephone.set_offline(False)
    saved_elsewhere(row, "在办公室所写")

    for _opened in (1, 2):
        again = telephone.new_page()
        again.clock.install()
        again.goto(url)
        expect(again.locator("#save-state")).to_have_text(changed)
        again.locator("#own-marks-comment").press_sequentially("。")
        again.clock.fast_forward(20_000)
        again.close()
    before = Observation.objects.get().comment
    last = telephone.new_page()
    last.goto(url)
    last.get_by_role("button", name="保存", exact=True).click()
    expect(last.locator("#save-state")).to_have_text(SAVED)

    assert (before, Observation.objects.get().comment) == ("在办公室所写", "在走廊所写。。")
    assert last.evaluate("localStorage.length") == 0


def saved_elsewhere(row: Observation, comment: str) -> None:
    row.refresh_from_db()
    user = User.objects.get(pk=row.observer_id)
    save_observation(observation_id=row.public_id, version=row.version, entries=[], comment=comment, user=user, now=NOW)
