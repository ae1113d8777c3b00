"""What a form was told is acted on by a sweep; until then nobody takes it for nothing."""

import json
from datetime import timedelta
from importlib.resources import files

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import EvidenceChange, RiskFlag
from qa_service.privacy.queries.people import held_of
from qa_service.privacy.services import erase_person
from surveys import services
from surveys.enums import AlertKind, AlertState, Answerer, Mode
from surveys.matters import WHO_MAY_TELL, matters_in, matters_in_words
from surveys.models import Alert, Answer, Conversation
from surveys.queries import cases_with_matters
from surveys.queries.alerts import what_was_said
from surveys.services.answering.alert_calls import reveal_for_alert
from surveys.services.contact.calling import NotNow
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.rows import SATISFIED, asked

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


def told(key: str, *answers: tuple[str, str]) -> None:
    for code, value in answers:
        services.record_answer(key=key, question=code, value=value, now=NOW)


@pytest.fixture
def key() -> str:
    _conversation, key = asked()
    services.start_web_response(key=key, language="zh-hans", now=NOW)
    return key


@pytest.mark.parametrize(
    ("values", "closed", "under_way"),
    [
        ({}, "", ""),
        ({"q1": "3", "q6": "no", "q7": "yes"}, "", ""),
        ({"q1": "2"}, "recovery", "recovery"),
        ({"q1": "1", "q7": "no", "q6": "staff"}, "recovery money", "recovery money"),
        ({"q1": "5", "q7": "no"}, "explain", "see_to"),
        ({"q1": "5", "q6": "yes"}, "money", "money"),
        ({"met": "no"}, "", "see_to"),
        ({"need": "yes", "q7": "yes"}, "", "see_to"),
        ({"q1": "unknown", "q6": "unknown", "q7": "unknown"}, "", ""),
    ],
)
def test_what_answers_ask_of_the_centre(values: dict[str, str], closed: str, under_way: str) -> None:
    assert [" ".join(matters_in(values, under_way=running)) for running in (False, True)] == [closed, under_way]


@pytest.mark.parametrize(
    ("words", "unread", "read"),
    [
        ("", "", ""),
        ("谢谢你们，非常满意！", "", ""),
        ("他昨晚又打我，我很害怕", "danger", "danger"),
        ("他要杀我，律师还收了我3000块", "danger money", "danger money"),
        ("He beats me and I am afraid.", "danger", "danger"),
        ("他没有打我", "denied", "denied"),
        ("律师私下让我给他转了2000元", "money", "money"),
        ("我要投诉", "complaint", "complaint"),
        ("开庭那天律师没来", "wrote", ""),
        ("请给我打电话", "wrote", ""),
        # A form knows whose it is: the lawyer's mistake is no wrong number.
        ("律师把日期搞错了", "wrote", ""),
    ],
)
def test_what_words_ask_of_the_centre(words: str, unread: str, read: str) -> None:
    assert [" ".join(matters_in_words([words], read=seen)) for seen in (False, True)] == [unread, read]


@pytest.fixture
def content(key: str) -> str:
    """A client who was content and has only the last, free question before them."""
    told(key, *SATISFIED[:-1])
    return key


def write(key: str, words: str, *, question: str = "q11") -> None:
    services.record_answer(key=key, question=question, text=words, now=NOW)


def raised() -> dict[str, bool]:
    return dict(Alert.objects.values_list("kind", "sealed"))


def test_who_is_content_and_writes_of_danger_and_money_is_heard(content: str) -> None:
    write(content, "他要杀我，律师还收了我3000块")
    case = Conversation.objects.get().case_id

    held_back = cases_with_matters([case])
    seen = [services.act_on_forms(now=NOW) for _sweep in range(2)]

    assert (held_back, seen) == ({case}, [1, 0])
    assert raised() == {AlertKind.DANGER: False, AlertKind.MONEY: True}


def test_other_words_of_who_is_content_wait_to_be_read_and_thanks_do_not(content: str) -> None:
    write(content, "开庭那天律师没来")
    services.act_on_forms(now=NOW)

    assert raised() == {AlertKind.WROTE: False}


def test_a_form_that_goes_on_says_nothing_anew_of_what_was_seen_to(content: str) -> None:
    told(content, ("q6", "yes"), ("q6who", "unknown"))
    services.record_answer(key=content, question="q10", value="yes", text="救命，他打我", now=NOW)
    services.act_on_forms(now=NOW)
    Alert.objects.update(state=AlertState.CLOSED)

    services.record_answer(key=content, question="q11", text="没有了", now=NOW + timedelta(minutes=5))
    services.act_on_forms(now=NOW)
    done = Alert.objects.count()

    assert (done, raised()) == (2, {AlertKind.DANGER: False, AlertKind.MONEY: True})


def test_words_that_were_changed_before_anybody_looked_were_said(key: str) -> None:
    told(key, ("q1", "1"), *SATISFIED[1:7], ("q8", "service"), ("q9", "delay"))
    services.record_answer(key=key, question="q10", value="yes", text="救命，他打我", now=NOW)
    services.record_answer(key=key, question="q10", value="yes", text="周三下午", now=NOW)
    services.act_on_forms(now=NOW)

    assert raised() == {AlertKind.DANGER: False}


def test_words_of_danger_on_a_question_that_a_change_of_mind_took_away_were_said(key: str) -> None:
    told(key, ("q1", "1"), *SATISFIED[1:7], ("q8", "service"), ("q9", "delay"))
    services.record_answer(key=key, question="q10", value="yes", text="救命，他打我", now=NOW)
    told(key, ("q1", "5"), ("q11", ""))
    services.act_on_forms(now=NOW)

    assert raised() == {AlertKind.DANGER: False}


def test_taking_it_back_costs_no_more_than_any_other_press(key: str) -> None:
    """What it asks for is left to the sweep, with what was told, though the form holds it no longer."""
    unhappy = [*SATISFIED[1:5], ("q6", "yes"), ("q6who", "centre"), ("q7", "no"), ("q8", "service"), ("q9", "delay")]
    told(key, ("q1", "1"), *unhappy)
    costs = []
    for code, value, text in (
        ("q10", "yes", "救命，他打我，你们主任要了500块钱"), ("q10", "yes", "周三"), ("q6who", "lawyer", ""),
        ("q6", "no", ""), ("q1", "5", ""), ("q7", "yes", ""), ("q11", "", ""),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as asked_of_it:
            services.record_answer(key=key, question=code, value=value, text=text, now=NOW)
        costs.append(sum("SAVEPOINT" not in query["sql"] for query in asked_of_it))
    assert (Alert.objects.count(), max(costs)) == (0, 6)

    services.act_on_forms(now=NOW)

    assert raised() == {AlertKind.DANGER: True, AlertKind.MONEY: True}
    assert all(alert.for_bureau for alert in Alert.objects.all())
    services.act_on_forms(now=NOW)
    assert Alert.objects.count() == 2


def test_a_time_for_a_call_is_no_text_to_read(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "staff"), ("q7", "yes"))
    services.record_answer(key=key, question="q10", value="yes", text="周三下午三点以后", now=NOW)
    services.act_on_forms(now=NOW)

    assert raised() == {AlertKind.MONEY: True}


def test_words_of_money_are_read_by_those_alone_who_see_to_the_sealed_matter(key: str) -> None:
    told(key, ("q1", "1"), *SATISFIED[1:7], ("q8", "service"), ("q9", "delay"), ("q10", "yes"))
    write(key, "律师私下让我给他转了2000元")
    services.act_on_forms(now=NOW)

    read = {alert.kind: what_was_said(alert)[-1].text for alert in Alert.objects.all()}
    assert read == {AlertKind.RECOVERY: "", AlertKind.MONEY: "律师私下让我给他转了2000元"}


def test_money_told_by_a_form_that_is_left_there_reaches_staff_as_of_that_moment(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"))

    at_once = services.act_on_forms(now=NOW), Alert.objects.count()
    seen = [services.act_on_forms(now=NOW + WHO_MAY_TELL) for _sweep in range(2)]

    assert at_once == (0, 0)

    alert = Alert.objects.get()
    assert (seen, alert.kind, alert.raised_at, alert.sealed) == ([1, 0], AlertKind.MONEY, NOW, True)
    assert RiskFlag.objects.get().kind == FlagKind.MONEY_ALERT
    assert Conversation.objects.with_matters_due().count() == 0


def test_money_taken_back_before_anybody_looked_was_said(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"), ("q6", "no"))
    services.act_on_forms(now=NOW)

    alert = Alert.objects.get()
    assert alert.kind == AlertKind.MONEY
    manager = Browser()
    manager.force_login(factories.user(Role.MANAGER, at=alert.case.centre))
    page = manager.get(f"/surveys/alerts/{alert.public_id}/", headers={"accept-language": "en"}).content.decode()
    assert "they changed or took back there on" in page


def test_money_told_by_a_form_that_staff_key_over_before_anybody_looked_was_said(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"))
    row = Conversation.objects.select_related("case__centre__settings").get()
    given = {code: services.AnswerInput(value=value) for code, value in SATISFIED[:7]}
    clerk = factories.user(Role.FOLLOW_UP, at=row.case.centre)

    services.record_interview(
        user=clerk, conversation=row, answers=given, answerer=Answerer.CLIENT, mode=Mode.PAPER, now=LATER
    )
    services.act_on_forms(now=NOW)

    assert [(alert.kind, alert.raised_at) for alert in Alert.objects.all()] == [(AlertKind.MONEY, NOW)]


def test_money_told_on_a_way_through_the_questions_that_was_left_again_was_said() -> None:
    whole = json.loads(files("surveys.defaults").joinpath("client.json").read_text(encoding="utf-8"))
    next(each for each in whole["questions"] if each["code"] == "q6")["shown_when"] = [
        {"question": "q5", "any_of": ["no"]}
    ]
    own = services.publish(content=whole | {"key": "of-the-centre"}, now=NOW)
    _conversation, key = asked(questionnaire=own)
    services.start_web_response(key=key, language="zh-hans", now=NOW)
    told(key, *SATISFIED[:4], ("q5", "no"), ("q6", "yes"), ("q5", "yes"), *SATISFIED[6:])
    services.act_on_forms(now=NOW)

    assert Alert.objects.get().kind == AlertKind.MONEY


def test_danger_told_beside_money_is_opened_at_once_and_money_still_waits_for_who_asked(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"))
    services.record_answer(key=key, question="q10", value="yes", text="救命，他打我", now=NOW)

    at_once = services.act_on_forms(now=NOW), raised()
    services.act_on_forms(now=NOW + WHO_MAY_TELL)

    assert at_once == (1, {AlertKind.DANGER: False})
    assert raised() == {AlertKind.DANGER: False, AlertKind.MONEY: True}


def seen_by_the_director() -> bool:
    centre = Conversation.objects.get().case.centre
    return Alert.objects.visible_to(factories.user(Role.MANAGER, at=centre)).filter(kind=AlertKind.MONEY).exists()


def test_who_asked_is_waited_for_a_while_so_that_the_centre_never_sees_what_is_about_itself(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"))
    services.act_on_forms(now=NOW)
    told(key, ("q6who", "centre"))

    assert (services.act_on_forms(now=NOW), raised(), seen_by_the_director()) == (1, {AlertKind.MONEY: True}, False)
    assert Alert.objects.get().for_bureau
    assert not Entry.objects.filter(action="surveys.alert_passed_on").exists()


def test_who_asked_that_is_told_late_takes_the_matter_from_the_centre_even_where_it_closed_it(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"))
    services.act_on_forms(now=NOW + WHO_MAY_TELL)
    assert seen_by_the_director()
    Alert.objects.update(state=AlertState.CLOSED)

    told(key, ("q6who", "centre"))
    services.act_on_forms(now=NOW)
    services.act_on_forms(now=NOW)

    assert (Alert.objects.filter(for_bureau=True).count(), Alert.objects.count()) == (2, 2)
    assert not seen_by_the_director()


def test_that_it_was_somebody_of_the_centre_is_heard_though_it_was_taken_back_before_anybody_looked(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"), ("q6who", "centre"), ("q6who", "lawyer"))
    services.act_on_forms(now=NOW)

    assert ([alert.for_bureau for alert in Alert.objects.all()], seen_by_the_director()) == ([True], False)


def test_nobody_rings_who_told_the_form_a_moment_ago_not_to(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "yes"), ("q6who", "unknown"))
    services.act_on_forms(now=NOW)
    alert = Alert.objects.get()
    told(key, ("q7", "yes"), ("q10", "no"), ("q11", ""))

    with pytest.raises(NotNow):
        reveal_for_alert(user=factories.user(), alert=alert, now=NOW)


def test_until_it_is_acted_on_a_form_holds_praise_back_and_its_words_are_shown_to_nobody_else(key: str) -> None:
    told(key, *SATISFIED[:5], ("q6", "staff"))
    conversation = Conversation.objects.get()
    assert conversation.recipient is not None
    manager = factories.user(Role.MANAGER, at=conversation.case.centre)
    before = cases_with_matters([conversation.case_id])
    shown = {section.rule.key for section in held_of(conversation.recipient, reader=manager).sections}

    assert before == {conversation.case_id}
    assert "surveys.answers" not in shown


def test_nobody_s_words_are_erased_before_a_sweep_has_seen_what_they_ask_for(key: str) -> None:
    told(key, ("q1", "1"), *SATISFIED[1:6], ("q7", "yes"), ("q8", "service"), ("q9", "delay"), ("q10", "no"))
    services.record_answer(key=key, question="q11", text="他没来", now=NOW)
    person = Conversation.objects.get().recipient
    assert person is not None

    erase_person(client=person, day=NOW.date(), now=NOW)
    services.act_on_forms(now=NOW)

    assert {alert.kind: alert.may_call for alert in Alert.objects.all()} == {
        AlertKind.RECOVERY: False,
        AlertKind.WROTE: False,
    }
    assert Answer.objects.get(question__code="q11").text == "他没来"


def test_a_form_that_praises_is_settled_at_once(key: str) -> None:
    told(key, *SATISFIED)
    case = Conversation.objects.get().case_id

    assert (services.act_on_forms(now=NOW), Alert.objects.count()) == (0, 0)
    assert (cases_with_matters([case]), EvidenceChange.objects.get().case_id) == (set(), case)
