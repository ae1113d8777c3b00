"""What an answer costs the database, by the form and by the clerk's hand: so many statements, however long the form."""

import json
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from surveys import services
from surveys.enums import AlertKind, Answerer, Channel, Mode, StaffReason
from surveys.models import Alert, Answer, Conversation, Response
from surveys.queries.sheets import sheet_asked
from tests import factories
from tests.surveys import factories as survey_rows
from tests.surveys.faces.rows import SATISFIED, answer, asked, begin, press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# The statements that open and close a transaction; in a test they are savepoints.
BOUNDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
LENGTHS = [5, 30]


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


def questionnaire(length: int) -> Any:
    """The default one without what it branches to, and so many questions of the kind of its third."""
    whole = json.loads(files("surveys.defaults").joinpath("client.json").read_text(encoding="utf-8"))
    first, third = whole["questions"][0], whole["questions"][2]
    more = [third | {"code": f"more{number}"} for number in range(length - 1)]
    return services.publish(content=whole | {"key": f"of-{length}", "questions": [first, *more]}, now=factories.NOW)


def statements(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as asked_of:
        act()
    return [query["sql"] for query in asked_of.captured_queries]


def work_of(sent: list[str]) -> list[str]:
    return [sql for sql in sent if not sql.startswith(BOUNDS)]


def codes(conversation: Conversation) -> list[str]:
    return list(conversation.questionnaire.questions.order_by("position").values_list("code", flat=True))


def half_way(length: int) -> tuple[Browser, str, list[str]]:
    """All but the last two questions are answered."""
    conversation, key = asked(questionnaire=questionnaire(length))
    browser, (first, *others) = begin(key), codes(conversation)
    answer(browser, key, first, "5")
    for code in others[:-2]:
        answer(browser, key, code, "yes")
    return browser, key, others[-2:]


@pytest.mark.parametrize("length", LENGTHS)
def test_an_answer_on_the_web_takes_four_statements_in_one_transaction(length):
    browser, key, (code, _last) = half_way(length)

    new = statements(lambda: press(browser, key, code, "yes"))
    changed = statements(lambda: press(browser, key, code, "no"))

    assert [(len(sent), len(work_of(sent))) for sent in (new, changed)] == [(6, 4), (6, 4)]
    assert Answer.objects.get(question__code=code).choice.value == "no"


@pytest.mark.parametrize("length", LENGTHS)
def test_the_last_answer_closes_the_form_in_the_same_transaction(length):
    browser, key, (code, last) = half_way(length)
    answer(browser, key, code, "yes")

    sent = statements(lambda: press(browser, key, last, "yes"))

    # Beside the four of an answer, of which one writes the conversation: the response and the evidence.
    assert (len(sent), len(work_of(sent))) == (8, 6), "\n".join(sent)
    assert Response.objects.get().receipt


UNHAPPY = [("q1", "1"), ("q2", "never"), ("q3", "no"), ("q4", "never"), ("q5", "no"), ("q6", "yes"),
           ("q6who", "lawyer"), ("q7", "no"), ("q8", "both"), ("q9", "delay"), ("q10", "yes"), ("q11", "")]  # fmt: skip


def test_an_answer_that_raises_matters_takes_no_more_and_they_are_opened_by_the_next_sweep():
    """Money, an unhappy client and what is unclear, each with its clock, flag, step and record."""
    conversation, key = asked()
    browser = begin(key)

    sent = [work_of(statements(partial(press, browser, key, code, value))) for code, value in UNHAPPY]

    assert [work for work in sent if len(work) > 6] == []
    assert (Response.objects.get().finished_at, Alert.objects.count()) == (factories.NOW, 0)
    assert [services.act_on_forms(now=factories.NOW) for _sweep in range(2)] == [1, 0]
    assert set(conversation.alerts.values_list("kind", flat=True)) == {AlertKind.RECOVERY, AlertKind.MONEY}


def changed_their_mind() -> list[list[str]]:
    """Unhappy at first, with a time for a call, and content in the end: three answers are withdrawn."""
    _conversation, key = asked()
    way = [*UNHAPPY[:5], ("q6", "no"), ("q7", "yes"), *UNHAPPY[8:10], ("q10", "yes"), ("q1", "5"), ("q11", "")]
    return pressed(key, way)


def told_after_a_text(*, listed: bool) -> list[list[str]]:
    """Content both times; `listed`: who did not answer the texts at first stands on the telephone list."""
    conversation, key = asked()
    if listed:
        Conversation.objects.update(staff_reason=StaffReason.SILENT)
    survey_rows.reply(conversation, "5")
    return pressed(key, SATISFIED)


def pressed(key: str, way: list[tuple[str, str]]) -> list[list[str]]:
    browser = begin(key)
    return [work_of(statements(partial(press, browser, key, code, value))) for code, value in way]


@pytest.mark.parametrize(
    "way", [changed_their_mind, partial(told_after_a_text, listed=False), partial(told_after_a_text, listed=True)]
)
def test_no_press_takes_more_whatever_was_told_before(way):
    sent = way()

    assert [work for work in sent if len(work) > 6] == []
    assert Response.objects.get().receipt


def to_key_in(length: int, **fields: Any) -> Conversation:
    centre = factories.centre()
    person = factories.client(centre, plan={"sms_allowed": False})
    survey_rows.questionnaires()
    case = factories.case(centre, client=person)
    return asked(case, channel=Channel.PAPER, questionnaire=questionnaire(length), **fields)[0]


def key_in(conversation: Conversation, number: int) -> Callable[[], Any]:
    user = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    values = ["5", *["yes"] * (number - 1)]
    given = {
        code: services.AnswerInput(value=value)
        for code, value in zip(codes(conversation)[:number], values, strict=True)
    }
    return lambda: services.record_interview(
        user=user,
        conversation=conversation,
        answers=given,
        answerer=Answerer.CLIENT,
        mode=Mode.PAPER,
        now=factories.NOW,
    )


@pytest.mark.parametrize(("length", "number"), [(5, 1), (5, 5), (30, 5), (30, 30)])
def test_keying_in_a_sheet_takes_eight_statements_however_many_answers_it_has(length, number):
    conversation = to_key_in(length)
    sheet_asked(conversation)  # read once a process: a published one never changes

    sent = statements(key_in(conversation, number))

    assert len(work_of(sent)) == 8, "\n".join(sent)
    assert Answer.objects.count() == number


def test_the_clerk_s_page_adds_who_is_signed_in_and_whom_they_may_see_to_what_is_written():
    conversation = to_key_in(5)
    browser = Browser()
    browser.force_login(factories.user(Role.FOLLOW_UP, at=conversation.case.centre))
    browser.get(reverse("surveys:interview", args=[conversation.public_id]))
    keyed = {f"value-{code}": "yes" for code in codes(conversation)} | {"value-q1": "5"}
    typed = {"outcome": "reached", "answerer": "client", "mode": "paper", **keyed}

    sent = statements(lambda: browser.post(reverse("surveys:interview-record", args=[conversation.public_id]), typed))

    assert Answer.objects.count() == 5
    assert len(work_of(sent)) == 8 + 3, "\n".join(sent)
