"""Tests that need more than Python: deselected with one printed line where it is not at hand, an error in CI.

`CI=1` means nothing may be missing: a test whose need is absent fails, and so does a skipped one. The proof runs the
suite twice: `--first` without servers, where only what meets one may be set aside, and `--again` with them.
"""

import importlib.util
import os
import shutil
import socket
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import TransactionTestCase

CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
TOOLS = ("pdftotext", "pdftoppm", "zbarimg")


def chromium_path() -> str | None:
    """Where the browser is, for the `browser` fixtures; `CHROMIUM` names another, or `none`."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def reachable(url: str, *, default_port: int) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or default_port), timeout=1):
            return True
    except OSError:
        return False


@cache
def postgresql() -> str:
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        return "TEST_DATABASE_URL names no PostgreSQL"
    return "" if reachable(url, default_port=5432) else "PostgreSQL does not answer"


@cache
def redis() -> str:
    url = os.environ.get("TEST_BROKER_URL", "")
    if not url.startswith("redis://"):
        return "TEST_BROKER_URL names no Redis"
    return "" if reachable(url, default_port=6379) else "Redis does not answer"


@cache
def browser() -> str:
    return "" if chromium_path() else "no Chromium"


@cache
def documents_tools() -> str:
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    return f"no {', '.join(missing)}" if missing else ""


@cache
def aliyun() -> str:
    return (
        "" if importlib.util.find_spec("alibabacloud_dysmsapi20170525") else "no SDK of Aliyun (make test installs it)"
    )


NEEDS: dict[str, Callable[[], str]] = {
    "postgresql": postgresql,
    "redis": redis,
    "browser": browser,
    "documents_tools": documents_tools,
    "aliyun": aliyun,
}


SUMMARY = pytest.StashKey[str]()
SERVERS = frozenset({"postgresql", "redis", "browser"})
DATABASE = frozenset({"db", "transactional_db", "django_db_setup"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--first",
        action="store_true",
        help="the run before the one with servers: what that leaves out may be neither set aside nor skipped here",
    )
    parser.addoption(
        "--again",
        action="store_true",
        help="the second run of one checkout, with servers: leave out what meets no database, broker or browser",
    )


def in_ci() -> bool:
    return os.environ.get("CI", "") not in {"", "0", "false"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set aside the tests whose needs are missing and remember why, for one line at the end."""
    if config.getoption("again"):
        _leave_out(config, items, [item for item in items if not meets_a_server(item)])
    apart = [item for item in items if missing_needs(item) and not must_run(item)]
    _leave_out(config, items, apart)
    if apart:
        reasons = dict.fromkeys(reason for item in apart for reason in missing_needs(item))
        config.stash[SUMMARY] = f"{len(apart)} tests set aside: {'; '.join(reasons)}."


def _leave_out(config: pytest.Config, items: list[pytest.Item], apart: list[pytest.Item]) -> None:
    gone = set(apart)
    items[:] = [item for item in items if item not in gone]
    config.hook.pytest_deselected(items=apart)


def meets_a_server(item: pytest.Item) -> bool:
    """Whether it could end differently with other servers. One that asks the database without saying so fails."""
    return (
        item.get_closest_marker("django_db") is not None
        or not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))
        or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        or any(item.get_closest_marker(need) for need in SERVERS)
    )


def must_run(item: pytest.Item) -> bool:
    """Whether there is no other run in which it could."""
    return in_ci() or (item.config.getoption("first") and not meets_a_server(item))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if must_run(item) and (reasons := missing_needs(item)):
        pytest.fail(f"Nothing may be missing in this run, but {'; '.join(reasons)}", pytrace=False)


def missing_needs(item: pytest.Item) -> list[str]:
    return [reason for need, check in NEEDS.items() if item.get_closest_marker(need) and (reason := check())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if line := terminalreporter.config.stash.get(SUMMARY, ""):
        terminalreporter.write_line(line, yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under xdist the workers collect: send their one line to the terminal's process."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["set_aside"] = session.config.stash.get(SUMMARY, "")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    if line := getattr(node, "workeroutput", {}).get("set_aside", ""):
        node.config.stash[SUMMARY] = line


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if must_run(item) and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which it may not be in this run: {item.nodeid}"
    return report
