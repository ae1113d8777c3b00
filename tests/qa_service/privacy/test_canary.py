"""One person's name, numbers and words, planted everywhere, are heard nowhere but where their own staff work.

No page and no address either: that is looked at on the walk past every door (`tests.authorisation.test_matrix`).
"""

import logging

import pytest
import time_machine
from celery.signals import task_prerun
from django.conf import settings

from qa_service.celery import app
from surveys.models import Answer
from tests.authorisation.people import build_country
from tests.authorisation.things import build_things
from tests.factories import NOW
from tests.qa_service.privacy.canary import SONGS, heard, listening, plant_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.DEMO = False
    with time_machine.travel(NOW, tick=False):
        yield


def test_no_task_carries_a_word_and_none_tells_the_log():
    build_things(build_country())
    columns = plant_everywhere()
    assert {"cases.Client.name", "cases.ContactPlan.code_word", "surveys.Answer.text"} <= set(columns)
    assert {answer.text for answer in Answer.objects.all()} != {""}
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
