"""An answer that comes twice at the same moment, on the database that lets it: one is kept, and the other is told."""

from collections.abc import Callable
from functools import partial

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case
from qa_service.organisations.queries import calendar
from surveys import services
from surveys.enums import Answerer, Mode
from surveys.models import Conversation, Message, Response, SecondEntry
from surveys.queries.second_entries import entry_answers
from surveys.services.answering.answers import AnswerInput
from surveys.services.inviting.invitations import AskedLately, Frame, invite
from surveys.services.inviting.refusals import HeldBySomeone
from surveys.services.outgoing.claims import claim
from tests import factories
from tests.at_once import one_while_the_other_is_at_it
from tests.factories import NOW
from tests.surveys import factories as rows
from tests.surveys.faces.rows import SATISFIED, asked

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

UNHAPPY = [("q1", "2"), *SATISFIED[1:7], ("q8", "result"), ("q10", "no")]


def start(key: str) -> Callable[[], object]:
    return lambda: services.start_web_response(key=key, language="zh-hans", now=NOW)


def answer(key: str, code: str, value: str) -> Callable[[], object]:
    return lambda: services.record_answer(key=key, question=code, value=value, now=NOW)


def almost_through(key: str) -> None:
    start(key)()
    for code, value in SATISFIED[:-1]:
        answer(key, code, value)()


def clerk(conversation: Conversation) -> User:
    return factories.user(Role.FOLLOW_UP, at=conversation.case.centre)


def key_in(conversation: Conversation, answers: list[tuple[str, str]]) -> Callable[[], object]:
    user = clerk(conversation)
    given = {code: AnswerInput(value=value) for code, value in answers}
    return lambda: services.record_interview(
        user=user, conversation=conversation, answers=given, answerer=Answerer.CLIENT, mode=Mode.PAPER, now=NOW
    )


def kept() -> dict[str, str]:
    return {row.question.code: row.choice.value for row in Response.objects.get().answers.exclude(choice=None)}


def test_start_pressed_twice_at_once_begins_one_response() -> None:
    _conversation, key = asked()

    assert one_while_the_other_is_at_it(start(key), start(key)) == []

    assert Response.objects.count() == 1


def test_the_last_answer_sent_twice_at_once_gives_one_number_to_quote() -> None:
    _conversation, key = asked()
    almost_through(key)
    told: list[str] = []

    def send_and_be_told() -> None:
        answer(key, "q11", "")()
        told.append(Response.objects.get().receipt)

    raised = one_while_the_other_is_at_it(send_and_be_told, answer(key, "q11", ""))

    assert [(type(error), error.code) for error in raised] == [(services.FormOver, "finished")]
    assert [Response.objects.get().receipt] == told
    assert Entry.objects.filter(action="surveys.form_finished").count() == 1


def test_one_answer_sent_twice_at_once_is_kept_once_and_the_later_holds() -> None:
    _conversation, key = asked()
    start(key)()

    assert one_while_the_other_is_at_it(answer(key, "q1", "5"), answer(key, "q1", "4")) == []

    assert kept() == {"q1": "4"}


def test_of_two_clerks_who_key_one_sheet_at_once_the_second_is_told_and_nothing_is_lost() -> None:
    conversation = rows.invited(plan={"sms_allowed": False, "reason": "not_consented"})

    raised = one_while_the_other_is_at_it(key_in(conversation, SATISFIED[:7]), key_in(conversation, UNHAPPY))

    assert [type(error) for error in raised] == [services.AlreadyAnswered]
    assert kept() == dict(SATISFIED[:7])


def test_a_sheet_keyed_in_while_the_client_sends_the_form_is_refused_and_the_form_stands() -> None:
    conversation, key = asked()
    almost_through(key)

    raised = one_while_the_other_is_at_it(answer(key, "q11", ""), key_in(conversation, UNHAPPY))

    assert [type(error) for error in raised] == [services.AlreadyAnswered]
    assert (Response.objects.get().mode, kept()) == (Mode.WEB, dict(SATISFIED[:7]))


def test_the_form_sent_while_a_sheet_is_keyed_in_is_closed_and_the_sheet_is_kept_beside_it() -> None:
    conversation, key = asked()
    almost_through(key)

    raised = one_while_the_other_is_at_it(key_in(conversation, UNHAPPY), answer(key, "q11", ""))

    assert [(type(error), error.code) for error in raised] == [(services.FormOver, "finished")]
    assert (Response.objects.get().mode, kept()) == (Mode.WEB, dict(SATISFIED[:7]))
    beside = entry_answers(SecondEntry.objects.get())
    assert {code: value for code, (value, _words) in beside.items()} == dict(UNHAPPY)


def test_start_pressed_while_a_mark_comes_by_text_goes_on_from_it() -> None:
    conversation, key = asked()

    assert one_while_the_other_is_at_it(lambda: rows.reply(conversation, "5"), start(key)) == []

    assert (Response.objects.get().mode, kept()) == (Mode.SMS, {"q1": "5"})


def test_a_mark_by_text_while_start_is_pressed_is_kept() -> None:
    conversation, key = asked()

    assert one_while_the_other_is_at_it(start(key), lambda: rows.reply(conversation, "5")) == []

    assert kept() == {"q1": "5"}


def test_of_two_marks_by_text_at_once_the_first_is_the_answer() -> None:
    conversation, _key = asked()

    raised = one_while_the_other_is_at_it(lambda: rows.reply(conversation, "4"), lambda: rows.reply(conversation, "1"))

    assert (raised, kept()) == ([], {"q1": "4"})


def wards_of_one_guardian() -> list[Case]:
    cases = [rows.case_to_ask(), rows.case_to_ask()]
    for case in cases:
        rows.through_guardian(case.client, "+8613900000001")
    return cases


def test_two_sweeps_at_once_begin_one_follow_up_with_a_guardian_of_two() -> None:
    rows.questionnaires()
    frame = Frame(gateway=None, calendar=calendar(), now=NOW)
    one, other = (partial(invite, case=case, client=case.client, frame=frame) for case in wards_of_one_guardian())

    raised = one_while_the_other_is_at_it(one, other)

    assert [type(error) for error in raised] == [AskedLately]
    assert Conversation.objects.count() == 1


def test_of_two_clerks_who_take_two_calls_to_one_guardian_at_once_the_second_is_told() -> None:
    one, other = (asked(case)[0] for case in wards_of_one_guardian())

    def take(conversation: Conversation) -> Callable[[], object]:
        user = clerk(conversation)
        return lambda: services.begin_interview(user=user, conversation=conversation, now=NOW)

    raised = one_while_the_other_is_at_it(take(one), take(other))

    assert [type(error) for error in raised] == [HeldBySomeone]
    assert Conversation.objects.filter(held_until__gt=NOW).count() == 1


def test_two_workers_at_once_take_a_text_each() -> None:
    claim(gateway="memory", now=NOW)  # the gateway has its row
    for _each in range(2):
        rows.invited()
    taken: list[int] = []

    def take() -> None:
        taken.extend(text.pk for text in claim(gateway="memory", now=NOW).messages)

    assert one_while_the_other_is_at_it(take, take) == []

    assert sorted(taken) == sorted(Message.objects.values_list("pk", flat=True))
