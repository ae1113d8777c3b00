"""Lists that grow with a country go by key: the links lead past each row once, and nothing is counted."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.organisations.models import Organisation
from tests import factories
from tests.surveys.organs import rows as organs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]

ROWS = 7
A_PAGE = 3
SIZES = (
    "qa_service.accounts.views.people.PEOPLE_A_PAGE",
    "qa_service.accounts.views.centres.NODES_A_PAGE",
    "qa_service.accounts.views.names.FIRMS_A_PAGE",
    "qa_service.cases.views.unconfirmed.ENTRIES_A_PAGE",
    "surveys.views.organ_book.PAGE_SIZE",
    "surveys.views.sending.CENTRES_A_PAGE",
)


def filled() -> Organisation:
    """A bureau with more of everything than fits on a page; of each person and lawyer there are two ways here."""
    bureau = factories.organisation("bureau")
    place = factories.centre(bureau)
    for at in range(ROWS):
        factories.centre(bureau)
        factories.organisation("station", place, confirmed_at=None)
        firms = [factories.firm(place, confirmed_at=None) for _time in range(2)]
        lawyer = factories.lawyer(firms[0], confirmed_at=None)
        lawyer.memberships.create(firm=firms[1], starts_on="2021-01-01")
        factories.user(Role.REVIEWER, Role.FOLLOW_UP, Role.LAWYER, at=place, of=lawyer)
        organs.organ(place, name=f"某县人民法院第{at}庭")
    return bureau


def walked(browser: Browser, address: str) -> list[list[int]]:
    """What each page holds, as one comes to them by the link to the next."""
    page = browser.get(address).context["page"]
    more = address.partition("after=")[0].rstrip("?&")
    more += ("&" if "?" in more else "?") + f"after={page.last}"
    return [[row.pk for row in page.rows], *(walked(browser, more) if page.last else [])]


@pytest.mark.parametrize(
    ("door", "told", "counted"),
    [
        ("accounts:people", "", False),
        ("accounts:centres", "", False),
        ("accounts:firms", "", False),
        ("surveys:organ-book", "", False),
        ("surveys:sending", "", False),
        # How many wait to be confirmed is told of each kind, and is few.
        ("cases:unconfirmed", "?kind=stations", True),
        ("cases:unconfirmed", "?kind=firms", True),
        ("cases:unconfirmed", "?kind=lawyers", True),
    ],
)
def test_each_row_stands_on_one_page_and_no_rows_are_counted(
    door: str, told: str, counted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in SIZES:
        monkeypatch.setattr(size, A_PAGE)
    browser = Browser()
    browser.force_login(factories.user(Role.OPERATOR, Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP, at=filled()))

    with CaptureQueriesContext(connection) as asked:
        pages = walked(browser, reverse(door) + told)

    found = [pk for page in pages for pk in page]
    assert len(set(found)) == len(found) >= ROWS
    assert {len(page) for page in pages[:-1]} == {A_PAGE}
    assert any('COUNT(*) AS "__count"' in each["sql"] for each in asked) is counted
