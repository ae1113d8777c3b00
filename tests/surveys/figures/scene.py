"""A centre some days into asking: one client for each way of answering and of being lost, made by the services."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from qa_service.cases.models import Case
from surveys import services
from surveys.enums import Answerer, ErrandOutcome, Mode, PhoneOutcome
from surveys.models import Conversation, Message
from tests import factories
from tests.factories import NOW
from tests.scenes import scene as kept
from tests.surveys.factories import questionnaires, reply
from tests.surveys.recovering import Office, office

LATER = NOW + timedelta(hours=1)
ANSWERS = {"q1": "4", "q2": "always", "q3": "yes", "q4": "sometimes", "q5": "not_applicable", "q6": "no", "q7": "yes"}
SAFETY = {"sms_allowed": False, "reason": "safety", "needs_safety_check": True}
MINOR = {"sms_allowed": False, "reason": "minor"}
CUSTODY = {"sms_allowed": False, "reason": "in_custody"}
NO_CONSENT = {"sms_allowed": False, "reason": "not_consented"}
SHUT = NO_CONSENT | {"phone_allowed": False, "visit_allowed": False, "letter_allowed": False}


@dataclass(frozen=True)
class Scene:
    """`cases` by what became of them."""

    at: Office
    cases: dict[str, Case]

    def conversation(self, name: str) -> Conversation:
        return Conversation.objects.get(case=self.cases[name], wave="closing")


def case(at: Office, plan: dict[str, Any] | None = None, **fields: Any) -> Case:
    person = fields.pop("client", None) or factories.client(at.centre, plan=plan)
    return factories.case(at.centre, client=person, **fields)


def deliver_all() -> None:
    while services.deliver_next(now=NOW):
        pass


def report(conversation: Conversation, status: str) -> None:
    """What the provider says of the invitation."""
    sid = Message.objects.get(conversation=conversation, kind="invitation").sid
    services.record_status(gateway="memory", sid=str(sid), status=status, now=NOW)


def interview(at: Office, conversation: Conversation, *, mode: Mode = Mode.TELEPHONE, **said: Any) -> None:
    answerer = said.pop("answerer", Answerer.CLIENT)
    given = {code: services.AnswerInput(value=value) for code, value in (ANSWERS | said).items()}
    services.record_interview(
        user=at.staff, conversation=conversation, answers=given, answerer=answerer, mode=mode, now=LATER
    )


def ring(at: Office, conversation: Conversation, outcome: PhoneOutcome, **more: Any) -> None:
    services.record_call(user=at.staff, conversation=conversation, outcome=outcome, now=LATER, **more)


@kept
def scene() -> Scene:
    at = office()
    questionnaires()
    texted = {name: case(at) for name in ("replied", "silent", "sent", "undelivered", "stopped")}
    staffed = {
        "interviewed": case(at, SAFETY),
        "declined": case(at, MINOR, case_type="criminal"),
        "posted": case(at, CUSTODY),
        "nobody_home": case(at, NO_CONSENT | {"phone_allowed": False}),
        "shut": case(at, SHUT, client=factories.client(at.centre, plan=SHUT, phone="")),
        "by_somebody": case(at, MINOR),
        "to_ring": case(at, MINOR),
    }
    services.invite_due(now=NOW)
    deliver_all()
    found = Scene(at=at, cases=texted | staffed)
    _answer(found)
    _lose(found)
    found.cases["not_released"] = case(at, survey_released_at=None)
    found.cases["another"] = case(at, client=texted["silent"].client)
    found.cases["not_yet"] = case(at)
    return found


def _answer(found: Scene) -> None:
    report(found.conversation("replied"), "delivered")
    reply(found.conversation("replied"), "5")
    interview(found.at, found.conversation("interviewed"))
    interview(found.at, found.conversation("by_somebody"), answerer=Answerer.OTHER)


def _lose(found: Scene) -> None:
    report(found.conversation("silent"), "delivered")
    report(found.conversation("undelivered"), "undelivered")
    reply(found.conversation("stopped"), "T")
    ring(found.at, found.conversation("undelivered"), PhoneOutcome.NO_ANSWER)
    ring(found.at, found.conversation("declined"), PhoneOutcome.REFUSED)
    for name, outcome in (("posted", ErrandOutcome.SENT), ("nobody_home", ErrandOutcome.NOBODY_HOME)):
        services.record_errand(user=found.at.staff, conversation=found.conversation(name), outcome=outcome, now=LATER)
