"""The organ's own page: whose work it judges, one page with all items, saved or sent; what a wrong code shows."""

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
from qa_service.cases.models import Case
from qa_service.common.logs import PersonalDataFilter
from surveys.enums import ConversationState
from surveys.models import Conversation, Response
from surveys.services.inviting.codes import offer_code
from surveys.services.organs.organ_mails import link_token
from tests import factories
from tests.surveys.faces.rows import asked as client_asked
from tests.surveys.faces.rows import everything
from tests.surveys.organs.rows import COURT, GOOD, asked, asking_centre

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ALL = {f"value-{code}": value for code, value in GOOD.items()}
TICKED = re.compile(r'name="value-(q\d)" value="(\w+)" id="[^"]+" checked')


@pytest.fixture
def today():
    cache.clear()
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def conversation() -> Conversation:
    centre = asking_centre(issuer_name="临江县法律援助中心")
    return asked(centre, client=factories.client(centre, name="赵金凤"))


@pytest.fixture
def key(conversation) -> str:
    return link_token(conversation)


def page(key: str, name: str = "organ-form") -> str:
    return reverse(f"surveys:{name}", args=[key])


def send(key: str, **given: str):
    return Browser().post(page(key), ALL | {"act": "send"} | given)


def test_the_page_says_who_asks_about_whose_work_in_which_case_and_never_the_client(conversation, key):
    seen = Browser().get(page(key)).content.decode()

    case = conversation.case
    for told in ("临江县法律援助中心", COURT, case.number, case.lawyer.name, case.firm.name, "民事", "2026-11-10"):
        assert told in seen, told
    assert [word for word in ("赵金凤", case.cause, case.client.phone[-4:]) if word in seen] == []


def test_the_page_gives_the_unit_s_own_case_number_where_it_is_known(conversation, key):
    without = Browser().get(page(key)).content.decode()
    Case.objects.update(organ_number="（2026）湘0511民初88号")

    assert "贵单位案号" not in without
    assert "（2026）湘0511民初88号" in Browser().get(page(key)).content.decode()


def test_the_page_opens_in_the_language_of_the_unit_until_the_reader_chooses(conversation, key):
    Conversation.objects.update(language="en")
    browser = Browser()

    opened = browser.get(page(key)).content.decode()
    browser.post(page(key), ALL | {"tool": "zh-hans"})
    chosen = browser.get(page(key)).content.decode()

    assert ('lang="en"' in opened, "Your opinion on the handling of this case" in opened) == (True, True)
    assert "您" in chosen or "意见" in chosen
    assert "Your opinion on the handling of this case" not in chosen


def test_looking_changes_nothing(key):
    before = everything()

    for method in ("get", "head"):
        getattr(Browser(), method)(page(key))
    Browser().get(page(key), headers={"Sec-Purpose": "prefetch"})
    Browser().get(reverse("surveys:organ-form-code"))

    assert everything() == before


def test_nothing_of_the_page_is_kept_indexed_or_passed_on(key):
    answer = Browser().get(page(key))

    assert [answer.headers[name] for name in ("Cache-Control", "Referrer-Policy")] == ["no-store", "no-referrer"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_an_opinion_is_sent_and_the_page_reloads_without_harm(conversation, key):
    browser = Browser()

    answer = browser.post(page(key), ALL | {"act": "send", "text-q6": "准备充分", "signed_by": "民一庭"})
    done = browser.get(answer.url).content.decode()

    response = Response.objects.get()
    conversation.refresh_from_db()
    assert (answer.status_code, answer.url) == (303, page(key, "organ-form-done"))
    assert (conversation.state, response.signature.signed_by) == (ConversationState.FINISHED, "民一庭")
    assert response.receipt in done
    assert [word for word in ("准备充分", "民一庭", "很好") if word in done] == []


def test_what_is_sent_twice_is_one_opinion_and_the_link_says_so(key):
    send(key)
    again = send(key, **{"value-q1": "1"})
    seen = Browser().get(page(key)).content.decode()

    assert Response.objects.get().answers.get(question__code="q1").choice.value == "5"
    assert again.status_code == 200
    assert "已收到贵单位的意见" in seen
    assert "0739-5550100" in seen


def test_what_is_saved_stands_there_again_and_is_not_sent(conversation, key):
    browser = Browser()

    answer = browser.post(page(key), {"value-q1": "4", "text-q6": "待补充", "act": "save"})
    seen = browser.get(answer.url).content.decode()

    conversation.refresh_from_db()
    assert (answer.status_code, conversation.state) == (303, ConversationState.STARTED)
    assert TICKED.findall(seen) == [("q1", "4")]
    assert "待补充" in seen
    assert "尚未提交" in seen


def test_items_without_an_answer_are_all_named_and_what_was_typed_stays(key):
    answer = Browser().post(page(key), {"value-q1": "5", "text-q6": "好", "signed_by": "李", "act": "send"})

    seen = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(q\d)-1">', seen) == ["q2", "q3", "q4", "q5"]
    assert TICKED.findall(seen) == [("q1", "5")]
    assert 'value="李"' in seen
    assert seen.count('role="alert"') >= 1
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    "given",
    [{"value-q1": "9"}, {"text-q6": "长" * 501}, {"signed_by": "长" * 61}],
)
def test_what_cannot_be_is_explained_and_nothing_is_kept(key, given):
    answer = send(key, **given)

    assert answer.status_code == 422
    assert Response.objects.count() == 0


def test_another_language_keeps_what_is_typed_and_stores_nothing(key):
    browser = Browser()
    before = everything()

    answer = browser.post(page(key), {"value-q1": "4", "text-q6": "待补充", "tool": "en"})

    seen = answer.content.decode()
    assert (answer.status_code, everything() == before) == (200, True)
    assert TICKED.findall(seen) == [("q1", "4")]
    assert "待补充" in seen
    assert "Send the opinion" in seen
    assert "Send the opinion" in browser.get(page(key)).content.decode()


def test_the_code_of_a_letter_opens_the_same_page(conversation):
    code = offer_code(conversation)
    spoken = f"{code[:4].lower()} {code[4:]}"

    answer = Browser().post(reverse("surveys:organ-form-code"), {"code": spoken})

    assert (answer.status_code, answer.url) == (303, page(code))
    assert Browser().get(page(code)).status_code == 200


@pytest.mark.parametrize("given", ["ABCDEFGH", "x", "", "0000 0000"])
def test_a_wrong_code_is_told_with_the_number_of_the_office(conversation, given):
    answer = Browser().post(reverse("surveys:organ-form-code"), {"code": given} if given else {"code": " "})

    assert answer.status_code == 422
    assert "0739-5550100" in answer.content.decode()


@pytest.mark.parametrize("path", ["a" * 12, "ABCDEFGH", "x", "a" * 12 + "/done", "x/y/z"])
def test_an_unknown_address_shows_a_friendly_page(conversation, path):
    answer = Browser().get(f"/o/{path}")

    assert answer.status_code == 404
    assert "0739-5550100" in answer.content.decode()


def test_a_client_s_code_opens_nothing_at_the_organs_door(key):
    centre = factories.centre()
    client_conversation, client_key = client_asked(factories.case(centre))

    at_organs = [Browser().get(page(given)).status_code for given in (client_key, offer_code(client_conversation))]
    at_clients = Browser().get(reverse("surveys:form", args=[key])).status_code

    assert (at_organs, at_clients) == ([404, 404], 404)


@pytest.mark.parametrize(
    ("state", "later", "status", "told"),
    [
        (ConversationState.EXPIRED, 46, 200, "提交意见"),
        (ConversationState.EXPIRED, 91, 410, "答复期限已过"),
        (ConversationState.STOPPED, 0, 200, "不再就本案征询"),
    ],
)
def test_a_late_or_closed_form_says_how_it_stands(conversation, key, state, later, status, told):
    Conversation.objects.filter(pk=conversation.pk).update(state=state)

    with time_machine.travel(factories.NOW + timedelta(days=later), tick=False):
        answer = Browser().get(page(key))

    assert answer.status_code == status
    assert told in answer.content.decode()


@pytest.mark.parametrize("role", [Role.LAWYER, Role.FIRM])
def test_a_lawyer_or_firm_never_answers_for_an_organ(conversation, key, role):
    case = conversation.case
    user = factories.user(role, of=case.lawyer if role == Role.LAWYER else None, heads=case.firm)
    browser = Browser()
    browser.force_login(user)

    answer = browser.post(page(key), ALL | {"act": "send"})

    assert (answer.status_code, Response.objects.count()) == (403, 0)
    assert Entry.objects.filter(action="surveys.form_refused_to_party").count() == 1


def test_a_page_open_too_long_asks_to_press_again(key):
    browser = Browser(enforce_csrf_checks=True)

    answer = browser.post(page(key), ALL | {"act": "send"})

    assert answer.status_code == 403
    assert "请重新打开链接" in answer.content.decode()
    assert Response.objects.count() == 0


def test_no_log_line_holds_the_key(key, caplog):
    caplog.handler.addFilter(PersonalDataFilter())

    with caplog.at_level(logging.INFO):
        Browser().post(page(key), {"act": "send"})
        Browser(enforce_csrf_checks=True).post(page(key))
        with time_machine.travel("2027-03-01T10:00:00+08:00", tick=False):
            Browser().get(page(key))

    assert len(caplog.messages) > 0
    assert [line for line in caplog.messages if key in line] == []


@pytest.mark.parametrize("text", ["\x00", "\u202e", "<script>alert(1)</script>", "'; DROP TABLE x; --", "😀" * 100])
def test_any_remark_is_kept_or_refused_and_never_an_error(key, text):
    answer = send(key, **{"text-q6": text, "signed_by": text[:20]})

    assert answer.status_code in {303, 422}
    assert "<script>alert" not in Browser().get(page(key)).content.decode()


def test_sending_costs_the_database_the_same_however_long_the_remark(key, django_assert_max_num_queries):
    with django_assert_max_num_queries(34):
        send(key)
