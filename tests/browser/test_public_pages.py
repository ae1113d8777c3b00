"""The pages that anybody may open: the tools in their head work, whoever looks and wherever the page stands."""

from collections.abc import Iterator

import pytest
from django.conf import settings as project
from django.test import Client as Signing
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from scoring.enums import RuleCode
from tests.factories import user
from tests.scoring.deciding import issued
from tests.surveys.faces.rows import asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_CODE = "/v/ABCDEFGHJK"
SIGN_IN = "/accounts/sign-in"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 375, "height": 800}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def paths(fonts) -> list[str]:
    _place, notice = issued(RuleCode.R1)
    return ["/v/", "/v/displays", f"/v/{notice.verify_code}", NO_CODE, SIGN_IN, "/no-such-page"]


def sign_in(page: Page, host: str) -> None:
    signing = Signing()
    signing.force_login(user())
    kept = signing.cookies[project.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": kept.value, "url": host}])


def test_the_language_is_switched_and_one_stays(page, live_server, paths):
    for path in paths:
        for language, tag in (("en", "en"), ("zh-hans", "zh-CN")):
            page.goto(live_server.url + path)
            page.click(f"[name=language][value={language}]")

            expect(page.locator("html")).to_have_attribute("lang", tag)
            if path != "/no-such-page":  # a wrong address has no page to stay on
                # What was typed after /v/ and is no code may be anything: it is carried nowhere.
                assert page.url == live_server.url + ("/v/" if path == NO_CODE else path)


def test_whoever_signs_out_is_signed_out(page, live_server, paths):
    for path in paths:
        if path == SIGN_IN:  # shows nobody a way out
            continue
        sign_in(page, live_server.url)
        page.goto(live_server.url + path)
        page.click("form[action='/accounts/sign-out'] button")

        page.wait_for_url(live_server.url + SIGN_IN)
        page.goto(live_server.url + "/")
        assert SIGN_IN in page.url


def test_the_client_s_form_keeps_its_own_tools_under_the_stricter_rule(page, live_server):
    _conversation, key = asked()
    for path in ("/s/", f"/s/{key}"):
        page.goto(live_server.url + path)
        page.locator("button", has_text="English").click()

        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert page.url == live_server.url + path
        page.locator("button", has_text="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.parametrize(
    ("headers", "cookie", "told"),
    [
        ({"origin": "http://testserver"}, True, "有人在此浏览器中登录或退出过"),
        ({"origin": "http://testserver"}, False, "浏览器没有发送本服务的 Cookie"),
        ({"origin": "null"}, True, "浏览器没有表明"),
        ({"origin": "https://evil.example"}, True, "浏览器没有表明"),
    ],
)
def test_a_refusal_says_what_was_the_matter(headers, cookie, told):
    caller = Signing(enforce_csrf_checks=True)
    if cookie:
        caller.get(SIGN_IN)
    said = caller.post(reverse("accounts:language"), {"language": "en"}, headers=headers).content.decode()

    assert told in said
    assert "没有任何改动" in said
