"""The observer's form on a telephone in a corridor: narrow, without a network, and with one again."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, expect

from qa_service.accounts.models import User
from reviews.models import Observation, ObservedMark
from tests import factories
from tests.browser.looking import violations
from tests.browser.test_workspace import signed_in
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
