"""That a client was unhappy is told by no record that others read, and by none to who handled the case."""

import ast
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.audit.queries import history
from qa_service.cases.models import Case
from surveys import services
from surveys.enums import Answerer, Channel, ErrandOutcome, Mode, PhoneOutcome, RecoveryAct
from surveys.models import Conversation
from surveys.services.answering.alert_calls import reveal_for_alert
from surveys.services.answering.answers import AnswerInput
from surveys.services.answering.papers import _form, _record
from tests import factories
from tests.factories import NOW
from tests.surveys import recovering

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
A = RecoveryAct
HIDDEN = "it could tell what the"


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> recovering.Office:
    return recovering.office(sms_enabled=False)


def handler(place: recovering.Office, case: Case, hat: str) -> User:
    if hat == "lawyer":
        return factories.user(Role.MANAGER, Role.LAWYER, at=place.centre, of=case.lawyer)
    if hat == "colleague":
        return factories.user(Role.FOLLOW_UP, at=place.centre, of=factories.lawyer(case.firm))
    found = factories.user(Role.MANAGER, at=place.centre)
    found.grants.create(role=Role.FIRM, firm=case.firm)
    return found


def pages(user: User, case: Case) -> list[str]:
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(user)
    doors = [("cases:detail", case.public_id), ("cases:contact-plan", case.client.public_id)]
    return [browser.get(reverse(name, args=[key])).content.decode() for name, key in doors]


def records(user: User, case: Case) -> list[str]:
    return [page[page.index('id="record"') :] for page in pages(user, case)]


def beside(subject: Model) -> list[str]:
    return [entry.action for entry in history(subject)]


def call(place: recovering.Office, asked: Conversation) -> None:
    services.begin_interview(user=place.staff, conversation=asked, now=NOW)
    services.record_call(user=place.staff, conversation=asked, outcome=PhoneOutcome.NO_ANSWER, note="", now=NOW)


def asked_again_in_every_way(place: recovering.Office, asked: Conversation) -> set[str]:
    """Called in vain until the next rung, a form printed, keyed in twice, put on paper; returns the acts recorded."""
    last = Entry.objects.latest("pk").pk
    while Conversation.objects.get(pk=asked.pk).channel == Channel.TELEPHONE:
        call(place, asked)
    services.record_errand(user=place.staff, conversation=asked, outcome=ErrandOutcome.NOBODY_HOME, note="", now=NOW)
    _form(user=place.staff, conversation=asked, language="", now=NOW)
    keyed: dict[str, Any] = {
        "user": place.staff,
        "conversation": asked,
        "answers": {"q1": AnswerInput("5")},
        "mode": Mode.PAPER,
    }
    services.record_interview(**keyed, answerer=Answerer.CLIENT, now=NOW)
    services.keep_second_entry(**keyed, answerer=Answerer.CLIENT, now=NOW)
    _record(user=place.staff, public_id=asked.public_id, language="", with_number=False, now=NOW)
    return set(Entry.objects.filter(pk__gt=last).values_list("action", flat=True))


def test_nothing_that_follows_from_an_answer_stands_beside_the_case(place):
    alert = recovering.unhappy(place)
    before = beside(alert.case)
    row = recovering.until(place.staff, alert, A.ASK)
    assert row.asked_again is not None

    done = asked_again_in_every_way(place, row.asked_again)
    recovering.step(place.supervisor, alert, A.SIGN_OFF)

    assert {
        "surveys.called", "surveys.rung_changed", "surveys.errand_recorded", "surveys.interviewed", "surveys.printed",
        "surveys.second_entry_kept",
    } <= done  # fmt: skip
    assert beside(alert.case) == before
    assert {"surveys.invited", "surveys.called", "surveys.interviewed"} <= set(beside(row.asked_again))
    assert {"surveys.recovery_ask", "surveys.recovery_sign_off"} <= set(beside(alert))


def test_a_matter_closed_without_contact_leaves_no_trace_beside_the_case(place):
    happy = factories.case(place.centre)
    recovering.answered(happy, may_call="no")
    alert = recovering.unhappy(place, may_call="no")

    assert beside(alert.case) == beside(happy)


@pytest.mark.parametrize("hat", ["lawyer", "colleague", "head"])
def test_who_handled_the_case_reads_no_record_of_it_nor_of_its_client(place, hat):
    alert = recovering.unhappy(place)
    reader = handler(place, alert.case, hat)
    before = pages(reader, alert.case)

    recovering.until(place.staff, alert, A.ASK)
    reveal_for_alert(user=place.staff, alert=alert, now=NOW)

    assert all(HIDDEN in told and "<li>" not in told for told in records(reader, alert.case))
    assert records(reader, alert.case) == [page[page.index('id="record"') :] for page in before]


def test_others_read_who_looked_at_the_number_and_what_was_done_to_the_case(place):
    alert = recovering.unhappy(place)
    Case.objects.filter(pk=alert.case_id).update(survey_released_at=NOW)
    reveal_for_alert(user=place.staff, alert=alert, now=NOW)

    of_case, of_person = records(place.manager, alert.case)

    assert "looked at a number" in of_person
    assert HIDDEN not in of_case + of_person
    assert "Nothing recorded" in of_case


# A card is printed for the case itself, before anybody was asked or whatever was said.
BESIDE_THE_CASE = {("trail.py", "record_asking"), ("papers.py", "_card")}


def test_no_service_of_the_room_that_asks_puts_an_act_beside_the_case_by_itself():
    """A new one would stand on the page of the case whether it asks or follows from an answer."""
    found = set()
    for path in sorted(Path(settings.BASE_DIR, "surveys").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(map(_beside_a_case, ast.walk(function))):
                found.add((path.name, function.name))

    assert found == BESIDE_THE_CASE


def _beside_a_case(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    subjects = [each.value for each in node.keywords if each.arg in ("subject", "subject_type")]
    return name in ("record", "Act", "Entry") and any("case" in ast.unparse(each).lower() for each in subjects)
