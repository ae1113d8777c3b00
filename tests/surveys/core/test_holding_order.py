"""Whoever holds several rows of one person takes them in one order, so that no two wait for each other for ever."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.enums import NumberOwner, Relation
from qa_service.cases.models import Case
from qa_service.cases.services import add_client, change_plan, correct_phone, put_case
from qa_service.privacy.enums import RequestKind
from qa_service.privacy.services import correct_person
from surveys import services
from surveys.enums import Answerer, Mode, PhoneOutcome
from surveys.models import Conversation
from surveys.services.answering.answers import AnswerInput
from surveys.services.contact.numbers import NewNumber
from tests import factories
from tests.factories import ACTOR, NOW
from tests.qa_service.cases.test_services import ROW
from tests.qa_service.privacy.asking_person import asks, granted
from tests.surveys.faces.rows import SATISFIED
from tests.surveys.factories import questionnaires

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

# Each is held before those that stand behind it.
ORDER = {"cases_case": 0, "cases_client": 1, "cases_contactplan": 2, "surveys_conversation": 2}
# Of which neither stands before the other: whoever holds both holds the client.
BOTH = {"cases_contactplan", "surveys_conversation"}
HOLDS = re.compile(
    r'^(?:UPDATE|DELETE FROM) "(?P<written>\w+)"'
    r'|^INSERT INTO "(?P<upserted>\w+)".* ON CONFLICT.* DO UPDATE'
    r'|^SELECT .*? FROM "(?P<held>\w+)".* FOR (?:NO KEY )?UPDATE(?! SKIP)',
    re.DOTALL,
)
NEW = NewNumber(phone="17098765432", owner=NumberOwner.CLIENT)
ANSWERS = {code: AnswerInput(value=value) for code, value in SATISFIED[:7]}
JOINING = {"client_name": "钱小红", "phone": ROW["phone"], "sms_consent": "yes", "age": "35"}


@contextmanager
def held() -> Iterator[list[str]]:
    """Tables of which the statements inside hold rows until the end, each when it is first held."""
    seen: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := HOLDS.match(sql):
            table = next(name for name in found.groups() if name)
            if table in ORDER and table not in seen:
                seen.append(table)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


class Scene:
    """Somebody who was asked, and what is done about them."""

    def __init__(self) -> None:
        questionnaires()
        live = {"sms_enabled": True, "first_contact_delay_days": 0, "go_live_on": NOW.date() - timedelta(days=90)}
        self.case: Case = put_case(centre=factories.centre(settings=live), fields=ROW, actor=ACTOR, now=NOW).case
        services.invite_due(now=NOW)
        self.person, self.conversation = self.case.client, Conversation.objects.get()
        self.user: User = factories.user(Role.MANAGER, Role.FOLLOW_UP, at=self.case.centre)
        self.requests = {kind: asks(self.person, kind, by=self.user) for kind in RequestKind}

    def describes(self) -> None:
        plan = self.person.contact_plan
        given: dict[str, Any] = {"client": self.person, "terms": plan.terms, "revision": plan.revision}
        change_plan(**given, township="河东", confirmed=True, user=self.user, now=NOW)

    def names_a_guardian(self) -> None:
        plan = self.person.contact_plan
        guardian: dict[str, Any] = {"guardian_only": True, "guardian_name": "李四", "guardian_phone": "17033334444"}
        terms = replace(plan.terms, **guardian, guardian_relation=Relation.PARENT, guardian_cleared=True)
        change_plan(client=self.person, terms=terms, revision=plan.revision, user=self.user, now=NOW)

    def learns_a_number(self) -> None:
        given: dict[str, Any] = {"client": self.person, "phone": NEW.phone, "owner": NEW.owner}
        correct_phone(**given, told_by_client=True, actor=ACTOR, now=NOW)

    def puts_name_and_number_right(self) -> None:
        given: dict[str, Any] = {
            "request": self.requests[RequestKind.CORRECTION],
            "phone": NEW.phone,
            "owner": NEW.owner,
        }
        correct_person(user=self.user, name="张三丰", **given, now=NOW)

    def erases(self) -> None:
        granted(self.requests[RequestKind.ERASURE], by=self.user)

    def stops(self) -> None:
        granted(self.requests[RequestKind.OBJECTION], by=self.user)

    def takes_the_person(self) -> None:
        services.begin_interview(user=self.user, conversation=self.conversation, now=NOW)

    def hears_another_number(self) -> None:
        given: dict[str, Any] = {"user": self.user, "conversation": self.conversation, "outcome": PhoneOutcome.INVALID}
        services.record_call(**given, number=NEW, now=NOW)

    def hears_of_a_death(self) -> None:
        given: dict[str, Any] = {"user": self.user, "conversation": self.conversation}
        services.record_call(**given, outcome=PhoneOutcome.DECEASED, now=NOW)

    def goes_through_all(self) -> None:
        given: dict[str, Any] = {
            "user": self.user,
            "conversation": self.conversation,
            "answers": ANSWERS,
            "mode": Mode.PAPER,
        }
        services.record_interview(**given, answerer=Answerer.CLIENT, number=NEW, plan_confirmed=True, now=NOW)

    def goes_through_the_plan(self) -> None:
        given: dict[str, Any] = {
            "user": self.user,
            "conversation": self.conversation,
            "answers": ANSWERS,
            "mode": Mode.PAPER,
        }
        services.record_interview(**given, answerer=Answerer.CLIENT, plan_confirmed=True, now=NOW)

    def imports(self) -> None:
        put_case(centre=self.case.centre, fields=ROW | {"age": "41", "phone": "17011112222"}, actor=ACTOR, now=NOW)

    def adds_a_client(self) -> None:
        add_client(case=self.case, fields=JOINING, user=self.user, now=NOW)


def test_cases_are_held_before_clients_and_clients_before_their_plans_and_conversations() -> None:
    scene, found = Scene(), {}
    for act in [name for name in vars(Scene) if not name.startswith("_")]:
        with transaction.atomic(), held() as found[act]:
            getattr(deepcopy(scene), act)()
            transaction.set_rollback(True)

    assert found == {act: sorted(tables, key=lambda table: ORDER[table]) for act, tables in found.items()}
    assert [act for act, tables in found.items() if set(tables) >= BOTH and "cases_client" not in tables] == []
