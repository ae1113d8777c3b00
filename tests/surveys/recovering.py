"""An unhappy client and the people who see to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.enums import AlertKind, Finding, RecoveryAct
from surveys.models import Alert, Conversation, Recovery
from tests import factories
from tests.factories import NOW
from tests.scenes import scene
from tests.surveys.faces.rows import SATISFIED, answer, asked, begin, go_through

A = RecoveryAct


@dataclass(frozen=True)
class Office:
    bureau: Organisation
    centre: Organisation
    staff: User
    manager: User
    supervisor: User


@scene
def office(**settings: Any) -> Office:
    bureau = factories.organisation(OrganisationKind.BUREAU)
    centre = factories.centre(bureau, settings={"sms_enabled": True, "first_contact_delay_days": 0} | settings)
    return Office(
        bureau=bureau,
        centre=centre,
        staff=factories.user(Role.FOLLOW_UP, at=centre),
        manager=factories.user(Role.MANAGER, at=centre),
        supervisor=factories.user(Role.SUPERVISOR, at=bureau),
    )


def answered(
    case: Case,
    *,
    concern: str = "service",
    may_call: str = "yes",
    money: str = "no",
    who: str = "lawyer",
    words: str = "等了半年",
) -> Conversation:
    """The whole web form of somebody very dissatisfied."""
    conversation, key = asked(case)
    asked_for = [("q6", money), *([("q6who", who)] if money == "yes" else [])]
    rest = [*asked_for, ("q7", "no"), ("q8", concern)]
    if concern != "result":
        rest.append(("q9", "delay"))
    browser = begin(key)
    go_through(browser, key, [("q1", "1"), *SATISFIED[1:5], *rest, ("q10", may_call)])
    answer(browser, key, "q11", "", text=words)
    conversation.refresh_from_db()
    return conversation


@scene
def unhappy(place: Office, **said: str) -> Alert:
    conversation = answered(factories.case(place.centre), **said)
    return Alert.objects.get(conversation=conversation, kind=AlertKind.RECOVERY)


def step(user: User, alert: Alert, act: RecoveryAct, now: datetime = NOW, **given: Any) -> Recovery:
    words = {"note": "已核实情况。"} if act in (A.VERIFY, A.FIX, A.TELL, A.SEND_BACK) else {}
    if act is A.VERIFY:
        words |= {"finding": Finding.FOUNDED}
    return services.take_step(user=user, alert=alert, act=act, given=services.StepInput(**(words | given)), now=now)


def until(user: User, alert: Alert, last: RecoveryAct, now: datetime = NOW) -> Recovery:
    """The usual way, up to and with a step."""
    row = None
    for act in (A.TAKE, A.REACH, A.VERIFY, A.FIX, A.TELL, A.ASK):
        row = step(user, alert, act, now)
        if act is last:
            break
    assert row is not None
    return row
