"""Follow-up records, questionnaires on paper and closing cards: what they print, what they keep back, who may print."""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import Case
from qa_service.organisations.models import CentreSettings
from surveys import services
from surveys.enums import Answerer, Channel, Mode
from surveys.lint import faults
from surveys.models import ClosingCard, Conversation
from surveys.services.answering.answers import AnswerInput
from surveys.services.questionnaires.publishing import publish_defaults
from tests import factories
from tests.qa_service.documents.reading import pages_of, placed, text_of
from tests.surveys.faces.rows import CENTRE_NAME, CLIENT_NAME, OFFICE_PHONE, asked
from tests.surveys.faces.test_telephone import UNHAPPY, address, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "fonts")]
REMARK = "下次请早点告诉我"
HAPPY = {"q1": "5", "q2": "always", "q3": "yes", "q4": "always", "q5": "yes", "q6": "no", "q7": "yes"}
# The operator chooses the host, and chooses a neutral one.
HOST = "qa.example.org/s/"
A4 = (595.28, 841.89)


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre(name=CENTRE_NAME, settings={"office_phone": OFFICE_PHONE})


def standing(centre, channel: Channel = Channel.PAPER, plan: dict[str, Any] | None = None, **fields) -> Conversation:
    person = factories.client(centre, name=CLIENT_NAME, plan={"sms_allowed": False} | (plan or {}))
    return asked(factories.case(centre, client=person, **fields), channel=channel)[0]


def keyed_in(conversation: Conversation, answers: dict[str, str], *, note: str = "", remark: str = REMARK):
    given = {code: AnswerInput(value=value) for code, value in answers.items()} | {"q11": AnswerInput(text=remark)}
    return services.record_interview(
        user=factories.user(Role.FOLLOW_UP, at=conversation.case.centre, display_name="王回访"),
        conversation=conversation,
        answers=given,
        answerer=Answerer.GUARDIAN,
        mode=Mode.VISIT,
        note=note,
        now=factories.NOW,
    )


def printed(browser: Browser, name: str, conversation: Conversation, **given: str) -> bytes:
    answer = browser.post(address(name, conversation), given)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.content[-400:]
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content


def card(browser: Browser, case: Case, **given: str):
    return browser.post(reverse("surveys:print-card"), {"number": case.number, **given})


def code_in(pdf: bytes) -> str:
    text = text_of(pdf)
    at = max(text.find("编号"), text.find("Code")) + 2
    found = [text[start : start + 8] for start in range(at, len(text))]
    return next(part for part in found if part.isalnum() and part.isascii() and part.upper() == part)


# --- 回访记录表


def test_a_record_says_who_was_asked_how_by_whom_and_what_was_said(centre):
    conversation = standing(centre)
    response = keyed_in(conversation, UNHAPPY, note="在村委会见的面")

    text = text_of(printed(signed_in(Role.FOLLOW_UP, at=centre), "print-record", conversation))

    case = conversation.case
    for expected in (
        "回访记录表", CENTRE_NAME, case.number, CLIENT_NAME, case.lawyer.name, "上门", "监护人", "王回访",
        "2026-11-2010:00", "非常不满意", "联系不上", REMARK, "在村委会见的面", response.receipt, "签名",
    ):  # fmt: skip
        assert expected in text
    assert conversation.recipient.phone not in text
    assert conversation.recipient.phone_masked in text


def test_a_record_is_printed_in_english_too(centre):
    conversation = standing(centre)
    keyed_in(conversation, HAPPY)

    text = text_of(printed(signed_in(Role.FOLLOW_UP, at=centre), "print-record", conversation, language="en"))

    assert all(word in text for word in ("Follow-uprecord", "Visit", "Guardian", "Verysatisfied"))


def test_the_full_number_stands_on_a_record_only_when_asked_for_and_the_look_is_recorded(centre):
    conversation = standing(centre)
    keyed_in(conversation, HAPPY)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    printed(browser, "print-record", conversation)
    looks_before = Entry.objects.filter(action="cases.phone_revealed").count()
    text = text_of(printed(browser, "print-record", conversation, with_number="1"))

    assert (looks_before, conversation.recipient.phone in text) == (0, True)
    assert [look.actor_id for look in Entry.objects.filter(action="cases.phone_revealed")] == [browser.user.actor.id]
    traces = Entry.objects.filter(action="surveys.printed").order_by("pk")
    assert [trace.details["with_number"] for trace in traces] == [False, True]


@pytest.mark.parametrize("money", ["yes", "staff"])
def test_a_record_tells_nothing_of_a_sealed_matter(centre, money):
    plain, sealed = standing(centre), standing(centre)
    keyed_in(plain, HAPPY, remark="")
    keyed_in(sealed, HAPPY | {"q6": money, "q6who": "centre", "q10": "yes"}, remark="他要了我两千块", note="哭诉被要钱")
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    def answers(conversation: Conversation) -> str:
        text = text_of(printed(browser, "print-record", conversation))
        return text[text.index("回访内容") : text.index("一并另存")]

    text = text_of(printed(browser, "print-record", sealed))
    assert answers(sealed) == answers(plain)
    assert [word for word in ("两千", "要钱，", "哭诉", "回个电话") if word in text] == []


def test_nothing_to_record_is_told(centre):
    answer = signed_in(Role.FOLLOW_UP, at=centre).post(address("print-record", standing(centre)))

    assert answer.status_code == 409


def test_a_name_that_no_font_holds_refuses_the_paper(centre):
    conversation = standing(centre)
    keyed_in(conversation, HAPPY, remark="\U0003fffd")

    assert signed_in(Role.FOLLOW_UP, at=centre).post(address("print-record", conversation)).status_code == 422


@pytest.mark.parametrize("name", ["print-record", "print-form"])
@pytest.mark.parametrize("who", ["lawyer", "firm", "outside", "second hat"])
def test_no_lawyer_firm_or_outsider_prints(centre, name, who):
    conversation = standing(centre)
    keyed_in(conversation, HAPPY)
    lawyer, firm = conversation.case.lawyer, conversation.case.firm
    person = {
        "lawyer": lambda: factories.user(Role.LAWYER, of=lawyer),
        "firm": lambda: factories.user(Role.FIRM, heads=firm),
        "outside": lambda: factories.user(Role.FOLLOW_UP, at=factories.centre()),
        "second hat": lambda: factories.user(Role.FOLLOW_UP, Role.LAWYER, at=centre, of=lawyer),
    }[who]()
    browser = Browser()
    browser.force_login(person)

    assert browser.post(address(name, conversation)).status_code in {403, 404}
    assert Entry.objects.filter(action="surveys.printed").count() == 0


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_of_records_costs_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, rows):
    for _number in range(rows):
        keyed_in(standing(centre), HAPPY)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.get(reverse("surveys:papers"))

    with django_assert_max_num_queries(6):
        seen = browser.get(reverse("surveys:papers")).content.decode()

    assert seen.count("打印记录表") == rows


def test_a_supervisor_finds_records_but_no_cards(centre):
    keyed_in(standing(centre), HAPPY)

    seen = signed_in(Role.SUPERVISOR, at=centre).get(reverse("surveys:papers")).content.decode()

    assert ("打印记录表" in seen, "打印回访卡" in seen) == (True, False)


# --- the questionnaire on paper


def smallest(pages) -> float:
    """The size of the smallest type on them, the foot of the page and the words beside the code too."""
    return min(size for page in pages for _text, _x, _y, size in placed(page))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_form_is_a4_in_large_type_with_every_question_of_paper(centre, language):
    conversation = standing(centre)

    pdf = printed(signed_in(Role.FOLLOW_UP, at=centre), "print-form", conversation, language=language)

    pages = pages_of(pdf)
    assert {(round(float(page.mediabox.width), 2), round(float(page.mediabox.height), 2)) for page in pages} == {A4}
    questions = conversation.questionnaire.questions.all()
    text = text_of(pdf)
    for question in questions:
        worded = question.text_zh if language == "zh-hans" else question.text_en
        assert "".join(worded.split()) in text
    assert smallest(pages) >= 16


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_first_page_of_a_form_tells_a_stranger_nothing(centre, language):
    conversation = standing(centre)

    pdf = printed(signed_in(Role.FOLLOW_UP, at=centre), "print-form", conversation, language=language)

    cover = " ".join(pages_of(pdf)[0].extract_text().split())
    assert faults(cover.replace(HOST, "")) == ()
    assert [
        word for word in (CENTRE_NAME, CLIENT_NAME, conversation.case.number) if word in cover.replace(" ", "")
    ] == []
    assert OFFICE_PHONE in cover


def test_a_form_for_who_is_in_danger_names_no_office_anywhere(centre):
    named, careful = standing(centre), standing(centre, plan={"needs_safety_check": True})
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    papers = [text_of(printed(browser, "print-form", conversation)) for conversation in (named, careful)]

    assert [CENTRE_NAME in text for text in papers] == [True, False]


def test_a_form_printed_again_bears_the_same_code_and_the_code_opens_the_web_form(centre):
    conversation = standing(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    codes = {code_in(printed(browser, "print-form", conversation)) for _copy in range(2)}

    (code,) = codes
    opened = Browser().post(reverse("surveys:form-code"), {"code": code})
    assert opened.url == reverse("surveys:form", args=[code])
    assert Browser().get(opened.url).status_code == 200


def test_no_form_is_printed_for_who_has_answered(centre):
    conversation = standing(centre)
    keyed_in(conversation, HAPPY)

    assert signed_in(Role.FOLLOW_UP, at=centre).post(address("print-form", conversation)).status_code == 409


# --- the closing card


def test_a_card_promises_no_call_at_night_however_late_texts_may_go(centre):
    CentreSettings.objects.filter(centre=centre).update(contact_opens=time(0), contact_closes=time(23, 59))
    conversation = standing(centre)

    pdf = card(signed_in(Role.FOLLOW_UP, at=centre), conversation.case, language="en").content

    said = " ".join(pages_of(pdf)[0].extract_text().split())
    assert "from 09:00 to 20:00" in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_card_says_who_calls_from_which_number_and_names_nothing(centre, language):
    conversation = standing(centre)

    pdf = card(signed_in(Role.FOLLOW_UP, at=centre), conversation.case, language=language).content

    (page,) = pages_of(pdf)
    assert smallest([page]) >= 16
    said = " ".join(page.extract_text().split())
    assert faults(said.replace(HOST, "")) == ()
    assert OFFICE_PHONE in said
    assert [word for word in (CENTRE_NAME, CLIENT_NAME, conversation.case.number) if word in said] == []


def test_a_card_given_out_at_closing_works_from_the_first_day_on(centre):
    publish_defaults(now=factories.NOW)
    person = factories.client(centre, plan={"sms_allowed": False})
    case = factories.case(centre, client=person, closed_on=factories.NOW.date())
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    code = code_in(card(browser, case).content)
    early = Browser().post(reverse("surveys:form-code"), {"code": code})
    early_by_square = Browser().get(reverse("surveys:form", args=[code]))
    with time_machine.travel(factories.NOW + timedelta(days=3), tick=False):
        services.invite_due(now=factories.NOW + timedelta(days=3))
        conversation = Conversation.objects.get(case=case)
        signed_in_then = signed_in(Role.FOLLOW_UP, at=centre)
        on_the_day = Browser().get(reverse("surveys:form", args=[code]))
        found = signed_in_then.post(reverse("surveys:telephone-find"), {"given": code})
        form_code = code_in(printed(signed_in_then, "print-form", conversation))

    for answer in (early, early_by_square):
        assert answer.status_code == 404
        assert "2026年11月23日" in answer.content.decode()
        assert OFFICE_PHONE in answer.content.decode()
    assert on_the_day.status_code == 200
    assert found.url.startswith(address("interview", conversation))
    assert form_code == code
    assert ClosingCard.objects.count() == 1


def test_a_card_is_printed_again_with_the_same_code(centre):
    publish_defaults(now=factories.NOW)
    case = factories.case(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    assert len({code_in(card(browser, case).content) for _copy in range(2)}) == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"number": "没有这个案号"}, 404),
        ({"number": ""}, 404),
        ({"number": "\x00" * 80}, 400),
        ({}, 404),
    ],
)
def test_a_card_of_no_case_is_told_so(centre, given, status):
    answer = signed_in(Role.FOLLOW_UP, at=centre).post(reverse("surveys:print-card"), given)

    assert answer.status_code == status


def test_a_card_without_a_number_to_call_from_is_refused():
    centre = factories.centre(settings={"office_phone": ""})

    answer = card(signed_in(Role.FOLLOW_UP, at=centre), factories.case(centre))

    assert (answer.status_code, Entry.objects.filter(action="surveys.printed").count()) == (409, 0)


def test_who_wants_no_contact_gets_no_card(centre):
    nothing = {"sms_allowed": False, "phone_allowed": False, "visit_allowed": False, "needs_safety_check": True}
    case = factories.case(centre, client=factories.client(centre, plan=nothing))

    assert card(signed_in(Role.FOLLOW_UP, at=centre), case).status_code == 409


def test_a_case_that_waits_for_release_or_lies_elsewhere_has_no_card(centre):
    waiting = factories.case(centre, survey_released_at=None)
    elsewhere = factories.case(factories.centre())
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    assert [card(browser, case).status_code for case in (waiting, elsewhere)] == [404, 404]
