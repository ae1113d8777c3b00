"""The client's form as a plain phone sees it: no JavaScript, no account."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import EvidenceChange, RiskFlag
from qa_service.common.logs import PersonalDataFilter
from surveys.enums import AlertKind, AlertState, Answerer, Channel, ConversationState, Mode, StaffReason
from surveys.models import Alert, Answer, Conversation, OptOut, Response
from surveys.queries.evidence import client_answers
from surveys.services.answering.answers import AnswerInput
from surveys.services.answering.interviews import record_interview
from surveys.services.inviting.codes import offer_code
from surveys.services.inviting.invitations import fresh_link, offer_link
from surveys.views import throttle
from tests import factories
from tests.surveys.faces.rows import (
    CENTRE_NAME,
    CLIENT_NAME,
    OFFICE_PHONE,
    SATISFIED,
    answer,
    asked,
    begin,
    everything,
    go_through,
    page,
)
from tests.surveys.factories import asked as asked_by_text
from tests.surveys.factories import reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

BOTS = ["WhatsApp/2", "Twitterbot/1.0", "GoogleImageProxy", "MicroMessenger prefetch", "curl/8"]


@pytest.fixture
def today():
    cache.clear()
    with time_machine.travel(factories.NOW, tick=False):
        yield


def text_of(response) -> str:
    return str(response.content.decode())


def progress_of(response) -> tuple[int, int]:
    found = re.search(r'aria-valuemax="(\d+)" aria-valuenow="(\d+)"', text_of(response))
    assert found is not None
    return int(found[2]), int(found[1])


def test_following_the_link_changes_no_row():
    _conversation, key = asked()
    address = reverse("surveys:form", args=[key])
    before = everything()

    for agent in BOTS:
        Browser(headers={"user-agent": agent}).get(address)
        Browser(headers={"user-agent": agent}).head(address)
        Browser(headers={"user-agent": agent, "sec-purpose": "prefetch"}).get(address)
    Browser().get(page(key, "q1"))
    Browser().get(reverse("surveys:form-done", args=[key]))
    Browser().get(reverse("surveys:form-stop", args=[key]))

    assert everything() == before


def test_the_start_page_says_whose_service_it_is_to_nobody():
    conversation, key = asked()

    response = Browser().get(reverse("surveys:form", args=[key]))

    seen = text_of(response)
    told = [CENTRE_NAME, CLIENT_NAME, "法律", "援助", "12348", conversation.case.number, conversation.case.lawyer.name]
    assert [word for word in told if word in seen] == []
    assert "<title>服务回访</title>" in seen
    assert 'property="og:title" content="服务回访"' in seen
    assert OFFICE_PHONE in seen


def test_every_page_is_sealed():
    _conversation, key = asked()
    browser = begin(key)
    pages = [
        Browser().get(reverse("surveys:form", args=[key])),
        browser.get(page(key, "q1")),
        answer(browser, key, "q1", ""),
        answer(browser, key, "q1", "5"),
        Browser().get("/s/" + "x" * 12),
        Browser().get(reverse("surveys:form-code")),
    ]

    headers = {
        tuple(response.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag"))
        for response in pages
    }

    assert headers == {("no-store", "no-referrer", "noindex, nofollow, noarchive")}


def test_start_leads_to_the_first_question_and_names_the_centre():
    _conversation, key = asked()
    browser = Browser()

    response = browser.post(reverse("surveys:form", args=[key]))

    assert (response.status_code, response.url) == (303, page(key, "q1"))
    assert CENTRE_NAME in text_of(browser.get(response.url))


def test_a_forwarded_address_of_a_question_shows_the_neutral_page():
    _conversation, key = asked()
    begin(key)

    response = Browser().get(page(key, "q1"))

    assert (response.status_code, response.url) == (303, reverse("surveys:form", args=[key]))


def test_a_satisfied_client_answers_eight_questions():
    conversation, key = asked()

    last = go_through(begin(key), key, SATISFIED)

    assert last.url == reverse("surveys:form-done", args=[key])
    response = Response.objects.get(conversation=conversation)
    assert (response.mode, response.answers.count(), bool(response.finished_at)) == ("web", 8, True)
    conversation.refresh_from_db()
    assert conversation.state == ConversationState.FINISHED


@pytest.mark.parametrize(
    "answers",
    [
        SATISFIED,
        [
            ("q1", "1"),
            *SATISFIED[1:5],
            ("q6", "yes"),
            ("q6who", "lawyer"),
            ("q7", "no"),
            ("q8", "service"),
            ("q9", "delay"),
            ("q10", "no"),
        ],
        [*SATISFIED[:5], ("q6", "yes"), ("q6who", "centre"), ("q7", "yes"), ("q10", "no"), ("q11", "")],
        [("q1", "2"), *SATISFIED[1:7], ("q8", "result"), ("q10", "yes"), ("q11", "")],
        [("q1", "4"), *SATISFIED[1:5], ("q6", "staff"), ("q7", "partly"), ("q10", "no"), ("q11", "")],
    ],
)
def test_progress_never_goes_backwards(answers):
    _conversation, key = asked()
    browser = begin(key)
    share = 0.0

    for code, value in answers:
        number, total = progress_of(browser.get(page(key, code)))
        assert number / total >= share
        share = number / total
        assert f"第 {number} 题，共 {total} 题" in text_of(browser.get(page(key, code)))
        answer(browser, key, code, value)


def test_a_change_of_mind_withdraws_what_is_no_longer_asked():
    _conversation, key = asked()

    go_through(begin(key), key, [("q1", "1"), ("q8", "service"), ("q9", "delay"), *SATISFIED])

    kept = Response.objects.get().answers.order_by("question__position")
    assert list(kept.values_list("question__code", flat=True)) == [code for code, _value in SATISFIED]


def test_the_mark_that_came_first_by_text_stands_whatever_the_form_says_later():
    conversation = asked_by_text()
    key = offer_link(conversation).rsplit("/", 1)[1]
    reply(conversation, "2")

    go_through(begin(key), key, [("q1", "5"), ("q2", "always")])

    kept = Response.objects.get(conversation=conversation).answers.order_by("question__position")
    assert list(kept.values_list("question__code", "choice__value")) == [("q1", "2"), ("q2", "always")]


def test_next_without_an_answer_says_what_is_missing():
    _conversation, key = asked()

    response = answer(begin(key), key, "q1", "")

    seen = text_of(response)
    assert response.status_code == 422
    assert "<title>错误：" in seen
    assert 'role="alert" tabindex="-1" autofocus' in seen
    assert '<a href="#choice-1">请选择一个答案，或选“不记得了／不想回答”。' in seen
    assert Answer.objects.count() == 0


def test_going_back_shows_the_stored_answer():
    _conversation, key = asked()
    browser = begin(key)
    answer(browser, key, "q1", "4")

    seen = text_of(browser.get(page(key, "q2")))
    assert f'href="{page(key, "q1")}"' in seen
    assert re.findall(r'value="(\w+)" id="[\w-]+" checked', text_of(browser.get(page(key, "q1")))) == ["4"]


def test_coming_back_later_goes_on_at_the_first_open_question():
    _conversation, key = asked()
    go_through(begin(key), key, SATISFIED[:4])

    another_phone = Browser()
    again = another_phone.get(reverse("surveys:form", args=[key]))
    response = another_phone.post(reverse("surveys:form", args=[key]))

    assert "继续" in text_of(again)
    assert response.url == page(key, "q5")


def test_pressing_twice_leaves_one_response():
    conversation, key = asked()
    browser = begin(key)
    go_through(browser, key, SATISFIED)
    receipt = Response.objects.get(conversation=conversation).receipt

    again = answer(browser, key, "q11", "")

    assert again.status_code == 303
    assert [row.receipt for row in Response.objects.all()] == [receipt]
    assert receipt in text_of(browser.get(again.url, follow=True))


def test_the_last_page_reached_early_leads_back_to_the_open_question():
    _conversation, key = asked()
    browser = begin(key)
    answer(browser, key, "q1", "5")

    response = answer(browser, key, "q11", "")

    assert response.url == page(key, "q2")


def test_the_confirmation_is_reload_safe_and_shows_no_answer():
    conversation, key = asked()
    browser = begin(key)
    go_through(browser, key, [*SATISFIED[:-1], ("q11", "")])
    done = reverse("surveys:form-done", args=[key])
    before = everything()

    first, second = text_of(browser.get(done)), text_of(browser.get(done))

    assert everything() == before
    receipt = Response.objects.get(conversation=conversation).receipt
    shown = [
        receipt in first,
        receipt in second,
        OFFICE_PHONE in first,
        "12348" in first,
        "tel:110" in first,
        "非常满意" in first,
    ]
    assert shown == [True, True, True, True, True, False]


def test_who_was_not_asked_whether_we_may_call_is_told_nothing_of_a_call():
    _conversation, key = asked()
    browser = begin(key)
    go_through(browser, key, SATISFIED)

    said = text_of(browser.get(reverse("surveys:form-done", args=[key])))

    assert ("您的回答会用来改进服务" in said, "回电" in said) == (True, False)


def test_a_finished_form_shows_a_stranger_nothing_but_thanks():
    conversation, key = asked()
    go_through(begin(key), key, SATISFIED)

    response = Browser().get(reverse("surveys:form", args=[key]))

    seen = text_of(response)
    receipt = Response.objects.get(conversation=conversation).receipt
    assert response.status_code == 200
    assert [word in seen for word in ("已收到您的回答，谢谢", CENTRE_NAME, receipt)] == [True, False, False]


def test_switching_the_language_keeps_the_page_and_what_is_typed():
    _conversation, key = asked()
    browser = begin(key)

    response = browser.post(page(key, "q1"), {"value": "3", "tool": "en"})

    seen = text_of(response)
    assert '<html lang="en"' in seen
    assert "Question 1 of 8" in seen
    assert re.findall(r'value="(\w+)" id="[\w-]+" checked', seen) == ["3"]
    assert Answer.objects.count() == 0
    assert '<html lang="en"' in text_of(browser.get(page(key, "q1")))


def test_the_size_of_type_is_kept_in_a_cookie():
    _conversation, key = asked()
    browser = Browser()
    address = reverse("surveys:form", args=[key])

    response = browser.post(reverse("surveys:form-preferences"), {"tool": "large", "next": address})

    assert (response.status_code, response.url) == (303, address)
    assert '<html lang="zh-CN" class="large">' in text_of(browser.get(address))


@pytest.mark.parametrize("target", ["https://evil.example/s/", "//evil.example", "/accounts/", "javascript:alert(1)"])
def test_the_tools_lead_nowhere_but_to_the_form(target):
    response = Browser().post(reverse("surveys:form-preferences"), {"tool": "en", "next": target})

    assert response.url == reverse("surveys:form-code")


def test_the_form_speaks_the_language_of_the_contact_plan():
    _conversation, key = asked(language="en")
    address = reverse("surveys:form", args=[key])
    browser = Browser()

    browser.post(reverse("surveys:form-preferences"), {"tool": "large", "next": address, "shown": "en"})

    assert '<html lang="en" class="large">' in text_of(browser.get(address))


@pytest.mark.parametrize("key", ["A" * 12, "short", "ABCDEFGH", "x" * 300, "汉字" * 6, "a.b-c_d~e!f$"])
def test_an_unknown_or_mangled_address_gets_a_friendly_page(key):
    asked()

    response = Browser().get(reverse("surveys:form", args=[key]))

    seen = text_of(response)
    assert response.status_code == 404
    assert "网址无法打开" in seen
    assert CENTRE_NAME not in seen


@pytest.mark.parametrize("given", ["", "0739-5550199"])
def test_of_several_offices_a_wrong_code_names_the_number_that_the_operator_gave_or_none(settings, given):
    settings.PUBLIC_HELP_PHONE = given
    for phone in ("0739-5550100", "0739-5550200"):
        factories.centre(settings={"office_phone": phone})

    seen = text_of(Browser().post(reverse("surveys:form-code"), {"code": "2345 6789"}))

    assert re.findall(r'href="tel:([^"]*)"', seen) == ([given] if given else [])


def test_an_expired_form_says_so_and_gives_the_telephone():
    _conversation, key = asked()

    with time_machine.travel("2027-03-01T10:00:00+08:00", tick=False):
        response = Browser().get(reverse("surveys:form", args=[key]))

    seen = text_of(response)
    assert response.status_code == 410
    assert [word in seen for word in ("问卷已结束", f"tel:{OFFICE_PHONE}", CENTRE_NAME)] == [True, True, False]


def test_one_press_stops_all_contact():
    conversation, key = asked()
    browser = Browser()

    response = browser.post(reverse("surveys:form-stop", args=[key]), {"why": "no_more"})

    assert "我们不会再联系您" in text_of(browser.get(response.url))
    conversation.refresh_from_db()
    assert conversation.state == ConversationState.STOPPED
    assert [row.phone_index for row in OptOut.objects.all()] == [conversation.phone_index]


def test_who_rated_by_text_and_wants_no_more_is_told_so():
    conversation, key = asked()
    reply(conversation, "4")
    browser = Browser()

    response = browser.post(reverse("surveys:form-stop", args=[key]), {"why": "no_more"})

    assert "我们不会再联系您" in text_of(browser.get(response.url))
    conversation.refresh_from_db()
    assert (conversation.state, conversation.response.mode) == (ConversationState.FINISHED, Mode.SMS)


def test_who_sent_the_form_and_wants_no_more_still_finds_its_receipt():
    conversation, key = asked()
    browser = begin(key)
    go_through(browser, key, SATISFIED)

    browser.post(reverse("surveys:form-stop", args=[key]), {"why": "no_more"})

    shown = text_of(browser.get(reverse("surveys:form-done", args=[key])))
    assert (Response.objects.get().receipt in shown, "我们不会再联系您" in shown) == (True, False)
    assert OptOut.objects.filter(phone_index=conversation.phone_index).exists()


def test_a_text_that_reached_somebody_else_is_no_refusal_of_the_client():
    conversation, key = asked()
    browser = Browser()

    seen = [
        text_of(browser.post(reverse("surveys:form-stop", args=[key]), {"why": "not_me"}, follow=True))
        for _press in range(2)
    ]
    begun = browser.post(reverse("surveys:form", args=[key]), follow=True)

    assert ["我们不会再联系您" in page for page in (*seen, text_of(begun))] == [True] * 3
    conversation.refresh_from_db()
    stands = (conversation.state, conversation.channel, conversation.staff_reason)
    assert stands == (ConversationState.AWAITING, Channel.TELEPHONE, StaffReason.WRONG_NUMBER)
    assert [row.phone_index for row in OptOut.objects.all()] == [conversation.phone_index]
    assert [alert.kind for alert in Alert.objects.all()] == [AlertKind.WRONG_NUMBER]


def rated_by_text(mark: str) -> tuple[Conversation, str]:
    """Marked by text, and the key of the link to the further questions."""
    conversation = asked_by_text()
    reply(conversation, mark)
    conversation.refresh_from_db()
    key = fresh_link(conversation).rsplit("/", 1)[-1]
    conversation.save(update_fields=["link_digest"])
    return conversation, key


def test_the_mark_of_somebody_else_is_not_the_client_s_and_the_client_is_still_asked():
    conversation, key = rated_by_text("5")
    before = EvidenceChange.objects.get(case=conversation.case).version

    Browser().post(reverse("surveys:form-stop", args=[key]), {"why": "not_me"})
    later = ("1", "1 退订", "退订", "他收了我的钱", "5", "4 退订", "退订")
    for minutes, said in enumerate(later):
        reply(conversation, said, now=factories.NOW + timedelta(minutes=minutes))
    begun = text_of(Browser().post(reverse("surveys:form", args=[key]), follow=True))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.channel) == (ConversationState.AWAITING, Channel.TELEPHONE)
    assert {*Alert.objects.values_list("kind", flat=True)} == {AlertKind.WRONG_NUMBER, AlertKind.MONEY}
    assert (Response.objects.count(), "我们不会再联系您" in begun) == (0, True)
    assert Entry.objects.filter(action="surveys.disowned").exists()
    assert EvidenceChange.objects.get(case=conversation.case).version > before
    record_interview(
        user=factories.user(Role.FOLLOW_UP, at=conversation.case.centre),
        conversation=conversation,
        answers={code: AnswerInput(value=value) for code, value in [*SATISFIED[:-1], ("q1", "3")]},
        answerer=Answerer.CLIENT,
        now=factories.NOW + timedelta(days=2),
    )
    own = client_answers([conversation.case_id])
    assert [(answer.q1, answer.answered_at) for answer in own] == [(3, factories.NOW + timedelta(days=2))]


def test_a_bad_mark_of_somebody_else_leaves_the_case_no_risk_and_the_matter_says_whose_it_may_be():
    conversation, key = rated_by_text("1")
    flags = RiskFlag.objects.filter(cleared_at=None)
    before = [flag.kind for flag in flags.all()]

    Browser().post(reverse("surveys:form-stop", args=[key]), {"why": "not_me"})

    staff = Browser()
    staff.force_login(factories.user(Role.FOLLOW_UP, at=conversation.case.centre))
    matter = Alert.objects.get(kind=AlertKind.RECOVERY)
    assert (before, [flag.kind for flag in flags.all()]) == ([FlagKind.BAD_RATING], [])
    assert "可能是他人所发" in text_of(staff.get(reverse("surveys:alert", args=[matter.public_id])))


def test_whoever_says_more_after_that_is_read_by_a_person():
    conversation, key = asked()
    Browser().post(reverse("surveys:form-stop", args=[key]), {"why": "not_me"})
    Alert.objects.update(state=AlertState.CLOSED)

    reply(conversation, "是我，刚才按错了", now=factories.NOW + timedelta(minutes=1))

    assert Alert.objects.filter(kind=AlertKind.WRONG_NUMBER, state=AlertState.OPEN).exists()


def test_a_code_says_nothing_of_a_number_so_that_it_stops_all_contact():
    conversation, _key = asked(channel=Channel.PAPER)
    code = offer_code(conversation)

    Browser().post(reverse("surveys:form-stop", args=[code]), {"why": "not_me"})

    conversation.refresh_from_db()
    assert (conversation.state, Alert.objects.count()) == (ConversationState.STOPPED, 0)


@pytest.mark.parametrize("name", ["form", "form-stop"])
def test_a_post_without_the_page_s_token_is_refused(name):
    _conversation, key = asked()
    browser = Browser(enforce_csrf_checks=True)
    before = everything()

    response = browser.post(reverse(f"surveys:{name}", args=[key]))

    assert response.status_code == 403
    assert "请再按一次" in text_of(response)
    assert everything() == before


def test_the_page_s_token_holds_although_the_browser_hides_where_it_comes_from():
    _conversation, key = asked()
    browser = Browser(enforce_csrf_checks=True)
    address = reverse("surveys:form", args=[key])
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text_of(browser.get(address, secure=True)))[:1]

    hidden = browser.post(address, {"csrfmiddlewaretoken": token}, secure=True, headers={"origin": "null"})
    foreign = browser.post(
        address, {"csrfmiddlewaretoken": token}, secure=True, headers={"origin": "https://evil.example"}
    )

    assert (hidden.status_code, foreign.status_code) == (303, 403)


def test_the_lawyer_does_not_answer_for_the_client():
    conversation, key = asked()
    case = conversation.case
    browser = Browser()
    browser.force_login(factories.user(Role.LAWYER, of=case.lawyer))

    response = browser.post(reverse("surveys:form", args=[key]))

    assert response.status_code == 403
    assert Response.objects.count() == 0
    assert Entry.objects.filter(action="surveys.form_refused_to_party").count() == 1


def test_links_that_lead_nowhere_lock_nobody_out_of_the_codes():
    conversation, _key = asked()
    code = offer_code(conversation)
    cache.set(throttle.all_key("form"), throttle.MISSES_IN_ALL - 1, 600)
    for number in range(3):
        Browser(REMOTE_ADDR=f"10.0.0.{number}").get(reverse("surveys:form", args=[f"{number:012d}"]))

    assert Browser().post(reverse("surveys:form-code"), {"code": code}).status_code == 303


def test_guessing_codes_from_many_places_is_slowed_down_for_codes_alone():
    conversation, key = asked()
    code = offer_code(conversation)
    cache.set(throttle.all_key("form"), throttle.MISSES_IN_ALL - 1, 600)
    wrong = Browser().post(reverse("surveys:form-code"), {"code": "ABCDEFGH"})

    statuses = {
        "typed": Browser().post(reverse("surveys:form-code"), {"code": code}).status_code,
        "scanned": Browser().get(reverse("surveys:form", args=[code])).status_code,
        "link": Browser().get(reverse("surveys:form", args=[key])).status_code,
    }

    assert wrong.status_code == 422
    assert statuses == {"typed": 429, "scanned": 429, "link": 200}


@pytest.mark.parametrize("case", ["wrong", "expired", "used", "stopped", "throttled"])
def test_a_code_that_leads_nowhere_gets_a_friendly_page_with_a_number_to_call(case):
    conversation, key = asked()
    code = offer_code(conversation)
    if case == "used":
        go_through(begin(key), key, SATISFIED)
    elif case == "stopped":
        Browser().post(reverse("surveys:form-stop", args=[key]))
    elif case == "throttled":
        cache.set(throttle.all_key("form"), throttle.MISSES_IN_ALL, 600)
    moment = "2027-03-01T10:00:00+08:00" if case == "expired" else factories.NOW

    with time_machine.travel(moment, tick=False):
        typed = Browser().post(
            reverse("surveys:form-code"), {"code": "ABCDEFGH" if case == "wrong" else code}, follow=True
        )

    assert typed.status_code in {200, 410, 422, 429}
    assert OFFICE_PHONE in text_of(typed)


def test_with_several_offices_no_number_is_guessed():
    asked()
    factories.centre(settings={"office_phone": "0739-5550199"})

    seen = text_of(Browser().get(reverse("surveys:form", args=["AAAABBBBCCCC"])))

    assert ("0739" in seen, "请拨打您办事机构" in seen) == (False, True)


def test_a_code_is_read_as_people_write_it():
    conversation, _key = asked()
    code = offer_code(conversation)
    browser = Browser()

    response = browser.post(reverse("surveys:form-code"), {"code": f" {code[:4].lower()} － {code[4:].lower()} "})

    assert response.url == reverse("surveys:form", args=[code])
    assert browser.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "请输入短信或纸上的编号"),
        ("ABC", "编号是 8 位"),
        ("ABCDEFGH", "没有找到这个编号"),
        ("0O1I0O1I", "编号是 8 位"),
    ],
)
def test_a_wrong_code_is_explained(typed, told):
    response = Browser().post(reverse("surveys:form-code"), {"code": typed})

    assert response.status_code == 422
    assert told in text_of(response)


def test_no_log_line_holds_the_key(caplog):
    _conversation, key = asked()
    browser = begin(key)

    caplog.handler.addFilter(PersonalDataFilter())

    with caplog.at_level(logging.INFO):
        answer(browser, key, "q1", "")
        Browser(enforce_csrf_checks=True).post(reverse("surveys:form", args=[key]))
        with time_machine.travel("2027-03-01T10:00:00+08:00", tick=False):
            Browser().get(reverse("surveys:form", args=[key]))

    assert [line for line in caplog.messages if key in line] == []


def test_too_long_a_text_is_kept_on_the_page_and_explained():
    _conversation, key = asked()
    browser = begin(key)
    go_through(browser, key, SATISFIED[:-1])

    response = browser.post(page(key, "q11"), {"text": "长" * 501})

    assert response.status_code == 422
    assert "请不要超过 500 字" in text_of(response)
    assert "长" * 501 in text_of(response)


def test_what_is_written_anew_takes_the_place_of_what_was_written():
    _conversation, key = asked()
    browser = begin(key)
    browser.post(page(key, "q11"), {"text": "第一次"})

    browser.post(page(key, "q11"), {"text": "第二次"})

    assert [answer.text for answer in Answer.objects.all()] == ["第二次"]
