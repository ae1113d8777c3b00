"""One person's name, numbers and words, planted everywhere, are heard nowhere but where their own staff work."""

import logging

import pytest
import time_machine
from celery.signals import task_prerun
from django.conf import settings
from django.core.cache import cache
from django.test import Client as Browser

from qa_service.accounts.enums import Role
from qa_service.celery import app
from surveys.models import Answer
from tests.authorisation.matrix import address, clients, doors, not_refused, table
from tests.authorisation.people import Country, build_country
from tests.authorisation.things import build_things
from tests.factories import NOW
from tests.qa_service.privacy.canary import NAME, PHONE, SONGS, addresses_in, heard, listening, plant_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
# To whom a case shows professional evidence only, or nothing at all.
KEPT_FROM = ("anonymous", Role.LAWYER, Role.FIRM, Role.OPERATOR, Role.OBSERVER)


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.DEMO = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def country() -> Country:
    return build_country()


def shown(browser: Browser, url: str) -> tuple[str, str]:
    """The page, and where it sends one."""
    cache.clear()
    answer = browser.get(url)
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode("utf-8", "replace"), answer.headers.get("Location", "")


def test_no_page_of_anybody_else_says_a_word_and_no_address_of_anybody(country):
    things = build_things(country)
    columns = plant_everywhere()
    assert {"cases.Client.name", "cases.ContactPlan.code_word", "surveys.Answer.text"} <= set(columns)
    assert {answer.text for answer in Answer.objects.all()} != {""}
    said, sent, listed = [], [], table()

    with listening() as ears:
        for (role, relation), browser in clients(country).items():
            if relation != "own":
                continue
            open_to_them = not_refused(role, relation, listed)
            for door in doors():
                if door.name not in open_to_them:
                    continue
                page, location = shown(browser, address(door, things))
                sent += [(role, door.name, to) for to in [location, *addresses_in(page)] if heard(to)]
                number = PHONE[3:] in page
                if (role in KEPT_FROM and heard(page)) or number:
                    said.append((role, door.name, heard(page)))

    assert said == []
    assert sent == []
    assert [line for line in [*ears.lines, *ears.raw] if heard(line)] == []


def test_no_task_carries_a_word_and_none_tells_the_log(country):
    build_things(country)
    plant_everywhere()
    app.loader.import_default_modules()

    with listening() as ears:
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            app.tasks[str(entry["task"])].apply(throw=True)

    assert len(ears.arguments) >= len(settings.CELERY_BEAT_SCHEDULE)
    assert [line for line in [*ears.arguments, *ears.lines, *ears.raw] if heard(line)] == []


@pytest.mark.parametrize("song", SONGS)
def test_the_ears_hear_what_a_fault_would_let_out(song):
    with listening() as ears:
        logging.getLogger("surveys.services").warning("told %s", song)
        task_prerun.send(sender=None, task_id="1", task=None, args=(), kwargs={"to": song})

    assert (heard(ears.raw[0]), heard(ears.arguments[0])) == (heard(song), heard(song)) != ([], [])
    assert [heard(line) for line in ears.lines] == [[]], "the last net lets it through"


@pytest.mark.parametrize("song", SONGS)
def test_what_a_library_quotes_of_it_does_not_leave_with_the_exception(song):
    with listening() as ears:
        try:
            int(f"{song}，{song}")
        except ValueError:
            logging.getLogger("django.request").exception("Internal Server Error: /")

    assert "ValueError: invalid literal" in ears.lines[0]
    assert heard(ears.lines[0]) == []


def test_the_page_of_a_name_is_where_staff_work(country):
    """The control: the canary sings where it may."""
    things = build_things(country)
    plant_everywhere()
    boss = clients(country)[Role.MANAGER, "own"]

    page, _location = shown(boss, address(next(door for door in doors() if door.name == "cases:detail"), things))
    assert NAME in page
