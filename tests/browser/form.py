"""The client's form in a browser: the way through it, every page it has, and what is measured on one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Response

from surveys.enums import ConversationState
from surveys.models import Conversation
from surveys.views import throttle
from tests import factories
from tests.browser.looking import sideways, violations
from tests.surveys.faces.rows import CENTRE_NAME, CLIENT_NAME, OFFICE_PHONE, SATISFIED, asked

# An unhappy client who was asked for money is asked more, so that the path grows under way.
UNHAPPY = [
    ("q1", "1"), *SATISFIED[1:5], ("q6", "yes"), ("q6who", "centre"), ("q7", "yes"), ("q8", "service"), ("q9", "other"),
]  # fmt: skip


def url(live_server, name: str, *args: str) -> str:
    return f"{live_server.url}{reverse(f'surveys:{name}', args=args)}"


def press_next(page: Page) -> None:
    page.locator("form button.button").first.click()


def begin(page: Page, live_server, key: str, first: str = "q1") -> None:
    page.goto(url(live_server, "form", key))
    press_next(page)
    page.wait_for_url(f"**/q/{first}")


def answer(page: Page, code: str, value: str) -> None:
    page.wait_for_url(f"**/q/{code}")
    if value:
        page.locator(f'input[name="value"][value="{value}"]').check()
    press_next(page)


def finish(page: Page) -> None:
    for code, value in SATISFIED:
        answer(page, code, value)
    page.wait_for_url("**/done")


def in_english(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    page.locator('html[lang="en"]').wait_for()


def pages_of_the_form(
    page: Page, live_server, key: str, *, passing: Callable[[Page], None] = lambda _page: None
) -> Iterator[str]:
    """Walk through every kind of page, stopping at each; `passing` looks at the questions between them too."""
    page.goto(url(live_server, "form", key))
    yield "start"
    page.locator("summary").click()
    yield "not me"
    begin(page, live_server, key)
    yield "question"
    press_next(page)
    page.locator("[data-errors]").wait_for()
    yield "error"
    for code, value in UNHAPPY:
        page.wait_for_url(f"**/q/{code}")
        passing(page)
        answer(page, code, value)
    page.wait_for_url("**/q/q10")
    yield "call back"
    answer(page, "q10", "yes")
    page.wait_for_url("**/q/q11")
    yield "text"
    press_next(page)
    page.wait_for_url("**/done")
    yield "done"
    page.goto(url(live_server, "form-code"))
    yield "code"
    press_next(page)
    page.locator("[data-errors]").wait_for()
    yield "wrong code"


def dead_ends(page: Page, live_server, conversation: Conversation, key: str) -> Iterator[tuple[str, Response]]:
    """Every page that ends a visit, of a centre where one form was sent; with what the server said."""
    now, day = timezone.now(), timedelta(days=1)
    centre = conversation.case.centre
    times = {"invited_at": now - 9 * day, "closes_at": now + day, "late_until": now + day}

    def asked_too(**fields: Any) -> str:
        case = factories.case(centre, client=factories.client(centre, name=CLIENT_NAME))
        return asked(case, **(times | fields))[1]

    def went(*args: str) -> Response:
        response = page.goto(url(live_server, "form", *args))
        assert response is not None
        return response

    page.context.clear_cookies(name="form_started")
    yield "used", went(key)
    yield "stopped", went(asked_too(state=ConversationState.STOPPED))
    yield "expired", went(asked_too(late_until=now - day, closes_at=now - 2 * day))
    yield "unknown", went("x" * 12)
    yield "malformed", went("a.b~c")
    cache.set(throttle.all_key("form"), throttle.MISSES_IN_ALL, 600)
    yield "too many tries", went("ABCDEFGH")
    cache.delete(throttle.all_key("form"))


# Of the pixels that people press and read, what is too small; a link within a sentence is text.
SMALL = """() => {
  const seen = (node) => node.getClientRects().length && !node.closest(".unseen, [hidden], [aria-hidden=true]");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const name = (node) => node.tagName.toLowerCase() + "." + node.className + " " + node.innerText.slice(0, 20);
  const low = (selector, least) => all(selector).filter((node) => node.getBoundingClientRect().height < least)
    .map((node) => name(node) + " is low");
  const fine = (selector, least) => all(selector).filter((node) => parseFloat(getComputedStyle(node).fontSize) < least)
    .map((node) => name(node) + " is fine print");
  const tight = (selector, least) => all(selector).filter((node) => {
    const style = getComputedStyle(node);
    return parseFloat(style.lineHeight) / parseFloat(style.fontSize) < least - 0.01;
  }).map((node) => name(node) + " is tight");
  return {
    targets: [...low(".card", 60), ...low("a, button, summary, textarea, input:not([type=radio], [type=hidden])", 44)],
    type: [
      ...fine("main *:not([type=radio])", 18), ...fine("header *", 16),
      ...tight("h1, h2", 1.4), ...tight("main p, .card, .button", 1.5),
    ],
  };
}"""
PROGRESS = """() => {
  const bar = document.querySelector("[role=progressbar]");
  const text = document.querySelector(".progress-text");
  return bar && [Number(bar.ariaValueNow), Number(bar.ariaValueMax), text.innerText];
}"""
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
NEUTRAL = {"服务回访", "Service follow-up"}
TITLE = re.compile(r"^((错误：|Error:) )?((第 \d+ 题，共 \d+ 题|Question \d+ of \d+) - )?(服务回访|Service follow-up)$")


@dataclass
class Walk:
    """What was found on the pages seen so far, by the number of the check."""

    language: str
    found: dict[str, list[str]] = field(default_factory=dict)
    progress: list[tuple[int, int]] = field(default_factory=list)

    def look_at(self, page: Page, kind: str) -> None:
        small = page.evaluate(SMALL)
        self._note("1 accessible", kind, violations(page))
        self._note("3 no sideways scroll", kind, [f"{far} px at {at}" for at, far in sideways(page).items() if far > 0])
        self._note("5 targets", kind, small["targets"])
        self._note("6 type", kind, small["type"])
        self.pass_by(page, kind)
        self._note("16 language", kind, self._language(page))
        self._note("18 neutral title", kind, self._title(page))

    def pass_by(self, page: Page, kind: str = "") -> None:
        self._note("15 progress", kind or page.url, self._progress(page))

    def look_at_dead_end(self, page: Page, kind: str, *, secrets: list[str]) -> None:
        phone = page.locator(f'a[href="tel:{OFFICE_PHONE}"]').count()
        told = [word for word in (CENTRE_NAME, CLIENT_NAME, *secrets) if word in page.content()]
        self._note("17 dead end", kind, told + ([] if phone else ["no number to call"]))

    def headers_of(self, response: Response) -> None:
        """18: of every page that came, whatever led to it."""
        if response.request.resource_type == "document":
            wrong = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
            self._note("18 headers", response.url, wrong)

    def _note(self, check: str, kind: str, faults: list[str]) -> None:
        if faults:
            self.found.setdefault(check, []).append(f"{kind}: {'; '.join(faults)}")

    def _progress(self, page: Page) -> list[str]:
        shown = page.evaluate(PROGRESS)
        if shown is None:
            return []
        number, total, text = shown
        self.progress.append((number, total))
        agreed = {"en": f"Question {number} of {total}", "zh-hans": f"第 {number} 题，共 {total} 题"}[self.language]
        shares = [at / of for at, of in self.progress]
        return [*([] if text == agreed else [text]), *(["backwards"] if shares != sorted(shares) else [])]

    def _language(self, page: Page) -> list[str]:
        """What is left of the other language, but for the button that leads to it and what is a name or a code."""
        if page.locator("html").get_attribute("lang") != {"en": "en", "zh-hans": "zh-CN"}[self.language]:
            return ["html lang"]
        seen = page.title() + page.locator("body").inner_text()
        for name in (CENTRE_NAME, *page.locator(".receipt strong").all_inner_texts()):
            seen = seen.replace(name, "")
        other = r"[一-鿿]+" if self.language == "en" else r"[A-Za-z]{2,}"
        return sorted(set(re.findall(other, seen)) - {"中文", "English"})

    def _title(self, page: Page) -> list[str]:
        og = page.locator('meta[property="og:title"]').get_attribute("content")
        faults = [name for name in (CENTRE_NAME, CLIENT_NAME) if name in page.title()]
        return faults + ([] if TITLE.match(page.title()) else [page.title()]) + ([] if og in NEUTRAL else [str(og)])
