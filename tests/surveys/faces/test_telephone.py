"""The follow-up staff's list and interview page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import strip_tags

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import Client
from qa_service.common.encryption import blind_index
from surveys.enums import Channel, ConversationState, StaffReason
from surveys.models import Contact, Conversation, Response
from surveys.services.inviting.codes import offer_code
from tests import factories
from tests.surveys.faces.rows import asked
from tests.surveys.factories import through_guardian

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

UNHAPPY = {
    "q1": "1", "q2": "never", "q3": "no", "q4": "never", "q5": "no", "q6": "no", "q7": "no", "q8": "service",
    "q9": "delay", "q10": "yes",
}  # fmt: skip


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre()


def to_call(centre, **fields) -> Conversation:
    person = factories.client(centre, plan={"sms_allowed": False})
    defaults = {"channel": Channel.TELEPHONE, "staff_reason": StaffReason.NO_TEXT_ALLOWED}
    return asked(factories.case(centre, client=person), **(defaults | fields))[0]


def signed_in(*roles: Role, at) -> Browser:
    browser = Browser()
    browser.user = factories.user(*roles, at=at)
    browser.force_login(browser.user)
    return browser


def address(name: str, conversation: Conversation) -> str:
    return reverse(f"surveys:{name}", args=[conversation.public_id])


def record(browser: Browser, conversation: Conversation, outcome: str, answers=None, **fields):
    keyed = {f"value-{code}": value for code, value in (answers or {}).items()}
    return browser.post(
        address("interview-record", conversation),
        {"outcome": outcome, "answerer": "client", "mode": "telephone", "identity": "birth_year", **keyed, **fields},
    )


def test_the_list_shows_urgent_first_then_promised_then_oldest(centre):
    hour = timedelta(hours=1)
    younger = to_call(centre, invited_at=factories.NOW - hour)
    older = to_call(centre, invited_at=factories.NOW - 5 * hour)
    promised = to_call(centre, call_back_at=factories.NOW + hour)
    urgent = to_call(centre, urgent=True, staff_reason=StaffReason.DANGER)

    seen = signed_in(Role.FOLLOW_UP, at=centre).get(reverse("surveys:telephone-list")).content.decode()

    numbers = {row.case.number: row for row in (younger, older, promised, urgent)}
    shown = [numbers[number] for number in re.findall(r'<th [^>]*scope="row">([^< ]+)', seen)]
    assert shown == [urgent, promised, older, younger]


def test_the_list_shows_no_full_number_and_no_name(centre):
    conversation = to_call(centre)

    seen = signed_in(Role.FOLLOW_UP, at=centre).get(reverse("surveys:telephone-list")).content.decode()

    client = conversation.recipient
    assert [word in seen for word in (client.phone, client.name, client.phone_masked)] == [False, False, True]


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, rows):
    for _number in range(rows):
        to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.get(reverse("surveys:telephone-list"))

    with django_assert_max_num_queries(8):
        browser.get(reverse("surveys:telephone-list"))


def test_an_empty_list_says_who_would_stand_here(centre):
    seen = signed_in(Role.FOLLOW_UP, at=centre).get(reverse("surveys:telephone-list")).content.decode()

    assert "没有待打的电话" in seen


def test_two_of_the_staff_never_hold_one_person(centre):
    conversation = to_call(centre)
    first, second = signed_in(Role.FOLLOW_UP, at=centre), signed_in(Role.FOLLOW_UP, at=centre)

    taken = first.post(address("interview-take", conversation))
    refused = second.post(address("interview-take", conversation))

    assert (taken.status_code, refused.status_code) == (302, 409)
    assert "正在回访" in second.get(reverse("surveys:telephone-list")).content.decode()
    assert 'id="call"' not in second.get(address("interview", conversation)).content.decode()


def test_looking_at_the_interview_takes_nobody(centre):
    conversation = to_call(centre)

    signed_in(Role.FOLLOW_UP, at=centre).get(address("interview", conversation))

    conversation.refresh_from_db()
    assert conversation.held_by_id is None


def test_the_number_is_shown_on_request_and_the_look_is_recorded(centre):
    conversation = to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("interview-take", conversation))
    phone = conversation.recipient.phone

    before = browser.get(address("interview", conversation)).content.decode()
    after = browser.post(address("interview-number", conversation)).content.decode()

    assert (phone in before, phone in after) == (False, True)
    looks = Entry.objects.filter(action="cases.phone_revealed")
    assert [look.actor_id for look in looks] == [browser.user.actor.id]


def test_the_number_stays_hidden_from_who_does_not_hold_the_person(centre):
    conversation = to_call(centre)
    stranger = signed_in(Role.FOLLOW_UP, at=centre)

    free = stranger.post(address("interview-number", conversation))
    signed_in(Role.FOLLOW_UP, at=centre).post(address("interview-take", conversation))
    with_a_colleague = stranger.post(address("interview-number", conversation))

    assert (free.status_code, with_a_colleague.status_code) == (302, 302)
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 0


def test_the_script_tells_nothing_before_the_person_is_confirmed(centre):
    conversation = to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("interview-take", conversation))

    seen = browser.get(address("interview", conversation)).content.decode()

    script = seen[seen.index('class="say"') : seen.index("</ol>")]
    assert [word for word in ("律师", "法院", "援助", "案件") if word in script] == []
    assert "您现在说话方便吗" in script


def test_an_interview_is_keyed_in_on_one_page(centre):
    conversation = to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("interview-take", conversation))

    response = record(browser, conversation, "reached", UNHAPPY, answerer="guardian", **{"text-q10": "周三下午"})

    assert (response.status_code, response.url) == (302, reverse("surveys:telephone-list"))
    kept = Response.objects.get(conversation=conversation)
    assert (kept.mode, kept.answerer, kept.entered_by_id) == ("telephone", "guardian", browser.user.pk)
    codes = [answer.question.code for answer in kept.answers.order_by("question__position")]
    assert [code for code in codes if code != "q11"] == list(UNHAPPY)


def test_a_question_without_its_answer_is_named_and_nothing_is_lost(centre):
    conversation = to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("interview-take", conversation))

    response = record(browser, conversation, "reached", {"q1": "5", "q2": "always"}, note="耳背")

    seen = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'<a href="#question-q3">第 ?3 ?题：[^<]+</a>', seen)
    assert re.search(r'id="question-q3"[^>]* aria-describedby="wrong".*?id="wrong">', seen, re.DOTALL)
    assert re.findall(r'name="value-(\w+)" value="(\w+)" checked', seen) == [("q1", "5"), ("q2", "always")]
    assert "耳背" in seen
    assert Response.objects.count() == 0


def test_a_promised_call_needs_its_time(centre):
    conversation = to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    missing = record(browser, conversation, "call_back")
    given = record(browser, conversation, "call_back", call_back_at="2026-11-21T09:30")

    assert (missing.status_code, given.status_code) == (422, 302)
    conversation.refresh_from_db()
    assert conversation.call_back_at.isoformat() == "2026-11-21T01:30:00+00:00"


def test_nobody_answering_is_written_down_and_the_person_stays_on_the_list(centre):
    conversation = to_call(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("interview-take", conversation))

    record(browser, conversation, "no_answer")

    assert [contact.outcome for contact in Contact.objects.all()] == ["no_answer"]
    assert conversation.case.number in browser.get(reverse("surveys:telephone-list")).content.decode()


def test_outside_one_s_centre_there_is_no_such_person(centre):
    conversation = to_call(factories.centre())
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    statuses = {
        browser.get(address("interview", conversation)).status_code,
        *(
            browser.post(address(name, conversation)).status_code
            for name in ("interview-take", "interview-put-back", "interview-number", "interview-record")
        ),
    }

    assert statuses == {404}


def test_a_lawyer_sees_neither_list_nor_interview(centre):
    conversation = to_call(centre)
    browser = Browser()
    browser.force_login(factories.user(Role.LAWYER, of=conversation.case.lawyer))

    statuses = {
        browser.get(reverse("surveys:telephone-list")).status_code,
        browser.get(address("interview", conversation)).status_code,
    }

    assert statuses == {403}


ANSWERED = {
    "zh-hans": ("已于2026-11-20作答（电话）", "返回电话回访名单"),
    "en": ("This was answered already, on 2026-11-20 (Telephone).", "Back to the telephone list"),
}


@pytest.mark.parametrize("language", ANSWERED)
def test_whoever_takes_an_answered_person_is_told_when_and_how_and_led_back(centre, language):
    conversation = to_call(centre)
    record(signed_in(Role.FOLLOW_UP, at=centre), conversation, "reached", UNHAPPY)
    late = signed_in(Role.FOLLOW_UP, at=centre)
    late.cookies["django_language"] = language

    told = late.post(address("interview-take", conversation), follow=True)

    seen = told.content.decode()
    conversation.refresh_from_db()
    assert [words in strip_tags(seen) for words in ANSWERED[language]] == [True, True]
    assert ('id="call"' in seen, conversation.held_by_id) == (False, None)


def test_a_call_after_the_answer_is_not_recorded_and_the_page_says_why(centre):
    conversation = to_call(centre)
    record(signed_in(Role.FOLLOW_UP, at=centre), conversation, "reached", UNHAPPY)

    told = record(signed_in(Role.FOLLOW_UP, at=centre), conversation, "no_answer")

    assert (told.status_code, Contact.objects.count()) == (409, 1)
    assert "已于2026-11-20作答（电话）" in told.content.decode()


def test_a_second_answer_to_a_stored_one_can_still_be_keyed_in_beside_it(centre):
    conversation = to_call(centre)
    record(signed_in(Role.FOLLOW_UP, at=centre), conversation, "reached", UNHAPPY)

    seen = signed_in(Role.FOLLOW_UP, at=centre).get(address("interview", conversation) + "?beside=1").content.decode()

    assert (address("interview-second", conversation) in seen, "您在此录入的内容另存备查" in seen) == (True, True)


def test_whoever_takes_a_closed_person_is_told_what_closed_it(centre):
    conversation = to_call(centre, state=ConversationState.STOPPED)

    seen = signed_in(Role.FOLLOW_UP, at=centre).post(address("interview-take", conversation), follow=True)

    assert ("本次回访已结束（" in seen.content.decode(), "返回电话回访名单" in seen.content.decode()) == (True, True)


@pytest.mark.parametrize("by", ["number", "code"])
def test_a_sheet_that_came_back_is_found_by_case_number_or_code(centre, by):
    conversation = to_call(centre)
    code = offer_code(conversation)
    given = {"number": conversation.case.number, "code": f"{code[:4].lower()} {code[4:].lower()}"}[by]

    response = signed_in(Role.FOLLOW_UP, at=centre).post(reverse("surveys:telephone-find"), {"given": given})

    assert response.url == address("interview", conversation)


@pytest.mark.parametrize("spelling", ["as it stands", "with spaces", "before it was corrected", "the guardian's"])
def test_a_client_who_rings_is_found_by_their_number_and_the_address_holds_none(centre, spelling):
    conversation = to_call(centre)
    number = conversation.recipient.phone
    given = number.removeprefix("+86") if spelling == "with spaces" else number
    given = f"{given[:3]} {given[3:7]} {given[7:]}" if spelling == "with spaces" else given
    if spelling == "before it was corrected":
        Client.objects.filter(pk=conversation.recipient_id).update(former_phone_index=blind_index("+8613900000009"))
        given = "139 0000 0009"
    if spelling == "the guardian's":
        through_guardian(conversation.recipient, "+8613900000009")
        given = "139 0000 0009"

    response = signed_in(Role.FOLLOW_UP, at=centre).post(reverse("surveys:telephone-find"), {"given": given})

    assert response.url == address("interview", conversation)


def test_a_number_of_another_centre_s_client_finds_nobody(centre):
    foreign = to_call(factories.centre())

    response = signed_in(Role.FOLLOW_UP, at=centre).post(
        reverse("surveys:telephone-find"), {"given": foreign.recipient.phone}
    )

    assert response.url == reverse("surveys:telephone-list")


@pytest.mark.parametrize("where", ["elsewhere", "nowhere", "garbage"])
def test_what_is_not_within_reach_is_not_found(centre, where):
    foreign = to_call(factories.centre())
    given = {"elsewhere": foreign.case.number, "nowhere": "无此案号", "garbage": "\x01\ud7ff'--" * 9}[where]

    response = signed_in(Role.FOLLOW_UP, at=centre).post(
        reverse("surveys:telephone-find"), {"given": given}, follow=True
    )

    assert response.redirect_chain == [(reverse("surveys:telephone-list"), 302)]
    assert "没有以此案号或编号" in response.content.decode()
