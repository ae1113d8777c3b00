"""One browser for all of them; a test makes its own context."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.needs import chromium_path

# A page lives for seconds, in which helpers of its scripts' engine cost more than they help, and so do its compilers
# that make a script fast which has run for a while; the windows of one person share a process, of which none is kept in
# reserve; and what is drawn by this machine's processor needs no process of its own to keep a graphics card away.
SHORT_LIVED = [
    "--no-sandbox",
    "--js-flags=--single-threaded --no-maglev --no-turbofan",
    "--renderer-process-limit=1",
    "--in-process-gpu",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # The driver's event loop runs in this thread; Django would otherwise refuse the test's own queries.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium_path(), args=SHORT_LIVED)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """The smallest one in use, on which nobody has guessed at a code yet."""
    cache.clear()
    context = chromium.new_context(viewport={"width": 320, "height": 568}, locale="zh-CN")
    yield context
    context.close()
