"""Somebody else answers for the client, and the client after them: the client's own mark is the one that counts."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from surveys import services
from surveys.enums import AlertKind, Answerer, Channel, ConversationState, Mode
from surveys.models import Answer, BoundRecord, Conversation, Response
from surveys.queries import client_answers, clients_heard
from surveys.queries.papers import conversation_with_record, record_content
from surveys.queries.second_entries import entry_answers
from surveys.services.answering.answers import AnswerInput
from surveys.services.answering.second_entries import NothingToStandBeside
from surveys.services.inviting.refusals import AlreadyAnswered
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.rows import SATISFIED, asked, begin, go_through, press
from tests.surveys.faces.test_recovery_pages import browser_of
from tests.surveys.faces.test_telephone import record, signed_in
from tests.surveys.factories import reply

pytestmark = pytest.mark.django_db
Own = Callable[[Conversation, str], None]
LATER = NOW + timedelta(hours=1)
SAID = {"q1": "3", **dict(SATISFIED[1:7])}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def interview(conversation: Conversation, answerer: Answerer, answers: dict[str, str], mode: Mode = Mode.TELEPHONE):
    return services.record_interview(
        user=factories.user(Role.FOLLOW_UP, at=conversation.case.centre),
        conversation=conversation,
        answers={code: AnswerInput(value=value) for code, value in answers.items()},
        answerer=answerer,
        mode=mode,
        now=NOW,
    )


@pytest.fixture
def answered_for() -> tuple[Conversation, str]:
    """A neighbour took the call and answered."""
    conversation, key = asked(channel=Channel.TELEPHONE)
    response = interview(conversation, Answerer.OTHER, SAID)
    BoundRecord.objects.create(response=response, bound_by=response.entered_by, bound_at=NOW)
    return Conversation.objects.get(), key


def by_text(conversation: Conversation, _key: str) -> None:
    reply(conversation, "5")


def on_the_form(_conversation: Conversation, key: str) -> None:
    browser = begin(key)
    shown = browser.get(reverse("surveys:form-question", args=[key, "q1"])).content.decode()
    assert "checked" not in shown
    go_through(browser, key, SATISFIED)


def when_rung(conversation: Conversation, _key: str) -> None:
    browser = signed_in(Role.FOLLOW_UP, at=conversation.case.centre)
    browser.post(reverse("surveys:interview-take", args=[conversation.public_id]))
    door = reverse("surveys:interview", args=[conversation.public_id])
    page = browser.get(door, headers={"accept-language": "en"}).content.decode()
    assert "Somebody else answered for this person" in page
    assert 'value="3" checked' not in page
    record(browser, conversation, "reached", SAID | {"q1": "5"})


def on_paper(conversation: Conversation, _key: str) -> None:
    interview(conversation, Answerer.CLIENT, {"q1": "5"}, Mode.PAPER)


@pytest.mark.parametrize(
    ("own", "mode"),
    [(by_text, Mode.SMS), (on_the_form, Mode.WEB), (when_rung, Mode.TELEPHONE), (on_paper, Mode.PAPER)],
)
def test_by_whatever_way_it_comes_and_the_other_is_kept_beside_it_whole(
    answered_for: tuple[Conversation, str], own: Own, mode: Mode
) -> None:
    conversation, key = answered_for
    assert clients_heard([conversation.case_id]) == {}

    own(conversation, key)

    [counted] = client_answers([conversation.case_id])
    assert (counted.q1, counted.answerer, counted.mode) == (5, Answerer.CLIENT, mode)
    assert clients_heard([conversation.case_id]) == {conversation.case_id: frozenset({conversation.recipient_id})}
    [beside] = conversation.second_entries.all()
    kept = {code: value for code, (value, _words) in entry_answers(beside).items()}
    assert (kept, beside.answerer, beside.entered_at) == (SAID, Answerer.OTHER, NOW)
    assert not BoundRecord.objects.exists()
    assert Entry.objects.filter(action="surveys.own_answer_counts").count() == 1
    conversation.refresh_from_db()
    assert conversation.state == ConversationState.FINISHED


def test_a_second_answer_by_somebody_else_and_one_who_only_looks_change_nothing(
    answered_for: tuple[Conversation, str],
) -> None:
    conversation, key = answered_for
    before = list(Answer.objects.values("question", "choice"))

    with pytest.raises(AlreadyAnswered):
        interview(conversation, Answerer.OTHER, {**SAID, "q1": "1"})
    reply(conversation, "谢谢")
    press(Browser(), key, "q1", "5")

    conversation.refresh_from_db()
    assert (conversation.state, list(Answer.objects.values("question", "choice"))) == (
        ConversationState.FINISHED,
        before,
    )
    assert Response.objects.get().answerer == Answerer.OTHER


def test_what_counts_is_not_laid_beside_as_a_second_entry(answered_for: tuple[Conversation, str]) -> None:
    conversation, _key = answered_for
    user = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)

    with pytest.raises(NothingToStandBeside):
        services.keep_second_entry(
            user=user,
            conversation=conversation,
            answers={"q1": AnswerInput(value="5")},
            answerer=Answerer.CLIENT,
            mode=Mode.PAPER,
            now=NOW,
        )


def test_whoever_reads_of_a_matter_is_told_that_somebody_else_answered_before(answered_for):
    conversation, _key = answered_for
    with time_machine.travel(LATER, tick=False):
        reply(conversation, "1", now=LATER)
    alert = conversation.alerts.get(kind=AlertKind.RECOVERY)
    browser = signed_in(Role.MANAGER, at=conversation.case.centre)

    page = browser.get(reverse("surveys:alert", args=[alert.public_id]), headers={"accept-language": "en"})

    shown = unescape(page.content.decode())
    assert shown.index("Answered before by somebody else</dt>") < shown.index("The client's own, which counts</dt>")
    assert ("Said later" in shown, "First rating" in shown, "Somebody else's answer, before" in shown) == (
        False,
        False,
        True,
    )


def test_the_interview_of_who_answered_before_can_still_be_printed(answered_for: tuple[Conversation, str]) -> None:
    conversation, _key = answered_for
    keyed_by = conversation.response.entered_by
    assert keyed_by
    reply(conversation, "5")

    row = conversation_with_record(user=keyed_by, public_id=conversation.public_id)
    content = record_content(response=row.response, phone="", language="zh-hans", printed_by=keyed_by, now=LATER)

    assert (content.recorded_by, [later.answerer for later in content.later]) == (str(keyed_by), ["其他人"])
    page = browser_of(keyed_by).get(reverse("surveys:interview", args=[conversation.public_id])).content.decode()
    assert reverse("surveys:print-record", args=[conversation.public_id]) in page
