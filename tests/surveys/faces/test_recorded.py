"""What a client answers, and what follows from it, stands in the record: that it was said and how, never what."""

import json

import pytest
import time_machine
from django.core.cache import cache

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from surveys.enums import Answerer
from surveys.models import Alert, Response
from surveys.services import record_interview
from surveys.services.answering.answers import AnswerInput
from tests import factories
from tests.surveys import factories as rows
from tests.surveys.faces.rows import SATISFIED, answer, asked, begin, go_through

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CLEAN = [("q1", "1"), *SATISFIED[1:6], ("q7", "no"), ("q8", "service"), ("q9", "delay"), ("q10", "no")]
BRIBED = [*CLEAN[:5], ("q6", "yes"), ("q6who", "lawyer"), *CLEAN[6:]]


@pytest.fixture
def today():
    cache.clear()
    with time_machine.travel(factories.NOW, tick=False):
        yield


def acts(*names):
    found = Entry.objects.filter(action__in=names).order_by("pk")
    return [(entry.action, entry.actor_id, entry.subject_type, entry.details) for entry in found]


def record_of(row):
    return list(
        Entry.objects.filter(subject_type=row._meta.label, subject_id=str(row.pk)).values_list("action", flat=True)
    )


def test_each_answer_on_the_form_is_recorded_by_its_question_alone():
    conversation, key = asked()
    browser = begin(key)

    answer(browser, key, "q1", "4")

    assert acts("surveys.answered") == [
        ("surveys.answered", "system:respondent", "surveys.Response", {"question": "q1", "mode": "web"})
    ]
    assert "surveys.answered" not in record_of(conversation.case)


def test_a_rating_by_text_is_recorded_once():
    conversation = rows.asked()

    rows.reply(conversation, "4")
    rows.reply(conversation, "5")

    assert acts("surveys.answered") == [
        ("surveys.answered", "system:respondent", "surveys.Response", {"question": "q1", "mode": "sms"})
    ]


def test_what_an_unhappy_answer_raises_is_recorded_beside_the_case_not_under_it():
    conversation, key = asked()

    go_through(begin(key), key, [*CLEAN, ("q11", "")])

    assert acts("cases.flag_raised", "surveys.alert_raised") == [
        ("cases.flag_raised", "system:respondent", "cases.RiskFlag", {"kind": "bad_rating"}),
        ("surveys.alert_raised", "system:respondent", "surveys.Alert", {"kind": "recovery"}),
    ]
    assert {"cases.flag_raised", "surveys.alert_raised"}.isdisjoint(record_of(conversation.case))


def test_a_sealed_matter_is_recorded_without_its_kind():
    _conversation, key = asked()

    go_through(begin(key), key, BRIBED[:7])

    assert Alert.objects.get().sealed
    assert [details for *_, details in acts("surveys.alert_raised", "cases.flag_raised")] == [{}, {}]


def test_whoever_keys_an_interview_in_raised_what_follows_from_it():
    conversation = rows.asked()
    user = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    answers = {code: AnswerInput(value=value) for code, value in CLEAN}

    record_interview(user=user, conversation=conversation, answers=answers, answerer=Answerer.CLIENT, now=factories.NOW)

    raised = acts("cases.flag_raised", "surveys.alert_raised", "surveys.interviewed")
    assert [(action, actor) for action, actor, *_ in raised] == [
        ("cases.flag_raised", user.actor.id),
        ("surveys.alert_raised", user.actor.id),
        ("surveys.interviewed", user.actor.id),
    ]


def test_neither_what_was_chosen_nor_the_number_stands_in_the_record():
    conversation, key = asked()

    go_through(begin(key), key, [*BRIBED, ("q11", "")])

    kept = json.dumps(list(Entry.objects.values_list("details", "actor_label")), ensure_ascii=False)
    assert Response.objects.filter(finished_at__isnull=False).count() == 1
    assert conversation.recipient.phone[-11:] not in kept
    assert [word for word in ("service", "delay", '"yes"', "money") if word in kept] == []
