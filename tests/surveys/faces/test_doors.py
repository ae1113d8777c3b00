"""The doors at which a link is followed and a code is typed: who has to wait, how they are written, and who rests."""

import logging

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import ContactPlan
from qa_service.common.logs import PersonalDataFilter
from surveys import services
from surveys.enums import Channel, ConversationState, PhoneOutcome
from surveys.services.inviting.codes import card_code, offer_code
from surveys.services.organs.organ_mails import link_token
from surveys.views import throttle
from tests import factories
from tests.surveys.faces.rows import OFFICE_PHONE, asked
from tests.surveys.organs.rows import asked as organ_asked
from tests.surveys.organs.rows import asking_centre

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    cache.clear()
    with time_machine.travel(factories.NOW, tick=False):
        yield
    cache.clear()


def at(room: str, key: str) -> str:
    return reverse({"form": "surveys:form", "organ": "surveys:organ-form"}[room], args=[key])


def statuses(room: str, code: str, link: str) -> dict[str, int]:
    browser, door = Browser(), f"surveys:{'' if room == 'form' else 'organ-'}form-code"
    return {
        "typed": browser.post(reverse(door), {"code": code}).status_code,
        "scanned": browser.get(at(room, code)).status_code,
        "link": browser.get(at(room, link)).status_code,
        "door": browser.get(reverse(door)).status_code,
    }


def keys_of_both() -> dict[str, tuple[str, str]]:
    client, key = asked()
    organ = organ_asked(asking_centre())
    return {"form": (offer_code(client), key), "organ": (offer_code(organ), link_token(organ))}


OPEN = {"typed": 303, "scanned": 200, "link": 200, "door": 200}


@pytest.mark.parametrize(("room", "other"), [("form", "organ"), ("organ", "form")])
def test_wrong_codes_of_one_address_hold_up_codes_of_their_kind_alone(room, other):
    keys, browser = keys_of_both(), Browser()
    met = {browser.get(at(room, f"ABCDEF{n // 8 + 2}{n % 8 + 2}")).status_code for n in range(61)}

    assert met == {404, 429}
    assert statuses(room, *keys[room]) == OPEN | {"typed": 429, "scanned": 429}
    assert statuses(other, *keys[other]) == OPEN


def test_dead_links_of_a_carrier_s_one_address_lock_nobody_out():
    keys, browser = keys_of_both(), Browser()
    for number in range(70):
        browser.get(at("form", f"{number:012d}"))
        browser.get(at("organ", f"{number:012d}"))

    assert {room: statuses(room, *keys[room]) for room in keys} == dict.fromkeys(keys, OPEN)


def test_codes_guessed_at_from_many_places_hold_up_no_organ():
    keys = keys_of_both()
    cache.set(throttle.all_key("form"), throttle.MISSES_IN_ALL, 600)

    assert statuses("form", *keys["form"]) == OPEN | {"typed": 429, "scanned": 429}
    assert statuses("organ", *keys["organ"]) == OPEN


@pytest.mark.parametrize("written", ["/S/{}", "/s//{}", "//S//{}", "/S/{}/done", "/O/{}", "/o//{}"])
def test_an_address_in_capitals_or_with_a_slash_too_many_leads_to_the_form(written):
    code = offer_code(asked()[0])
    path = written.format(code)

    answer = Browser().get("/x", PATH_INFO=path)

    room, rest = path.lstrip("/").split("/", 1)
    assert (answer.status_code, answer.url) == (303, f"/{room.lower()}/{rest.lstrip('/')}")
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")


def test_what_is_sent_to_such_an_address_is_told_on_the_client_s_own_page():
    _conversation, key = asked()

    answer = Browser().post(f"/S/{key}")

    assert answer.status_code == 404
    assert OFFICE_PHONE in answer.content.decode()
    assert "法律援助" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/s/{}", "/S/{}", "/s//{}", "/O/{}", "/o///{}?x"])
def test_no_way_of_writing_the_address_leaves_the_key_in_a_log(path):
    line = logging.LogRecord("x", logging.WARNING, "", 0, "Not Found: %s", (path.format("7K3QABCD"),), None)
    PersonalDataFilter().filter(line)

    assert "7K3QABCD" not in line.getMessage()
    assert "[key]" in line.getMessage()


@pytest.mark.parametrize("room", ["form", "organ"])
def test_a_page_that_was_open_for_too_long_names_a_number_to_call(room):
    asked()

    answer = Browser(enforce_csrf_checks=True).post(at(room, "AbCdEfGhIjKl"))

    assert answer.status_code == 403
    assert OFFICE_PHONE in answer.content.decode()


def entered_as_deceased(conversation) -> None:
    caller = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    services.record_call(user=caller, conversation=conversation, outcome=PhoneOutcome.DECEASED, now=factories.NOW)


@pytest.mark.parametrize("answer_open", [True, False])
def test_the_card_of_somebody_who_has_died_opens_no_question(answer_open):
    conversation, key = asked(channel=Channel.TELEPHONE)
    code = offer_code(conversation)
    if not answer_open:
        type(conversation).objects.filter(pk=conversation.pk).update(state=ConversationState.EXPIRED)
        other, _key = asked(
            factories.case(conversation.case.centre, client=conversation.recipient), channel=Channel.TELEPHONE
        )
        entered_as_deceased(other)
    else:
        entered_as_deceased(conversation)

    for opened in (code, key):
        answer = Browser().get(at("form", opened))
        assert answer.status_code == 410
        assert OFFICE_PHONE in answer.content.decode()
        assert Browser().post(at("form", opened)).status_code == 410


def test_a_card_that_works_later_says_of_somebody_who_has_died_no_day():
    conversation, _key = asked(channel=Channel.TELEPHONE)
    client = conversation.case.client
    case = factories.case(conversation.case.centre, client=client)
    code = card_code(case=case, recipient=client, wave="closing", works_from=factories.NOW)
    assert Browser().get(at("form", code)).status_code == 404

    entered_as_deceased(conversation)

    answer = Browser().get(at("form", code))
    assert (answer.status_code, ContactPlan.objects.filter(client=client).count()) == (410, 1)
    assert OFFICE_PHONE in answer.content.decode()
