"""The statutory register of complaints: entered, numbered, carried through its clocks, answered. Nothing is deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, reached_paths
from qa_service.audit.services import record
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, Client
from qa_service.cases.queries import clients_of
from qa_service.cases.services import clear_risk_flag, raise_risk_flag, reveal_phone
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import bureau_above, today_at
from surveys import complaints as rules
from surveys.enums import (
    Complainant,
    ComplaintAct,
    ComplaintOutcome,
    ComplaintState,
    ConsentWay,
    Ground,
    Received,
    Respondent,
)
from surveys.models import Alert, Complaint, ComplaintStep
from surveys.services.matters.clocks import complaint_due, rules_of

LONGEST_TEXT = 5000
# Words without which a step says nothing.
NOTED = frozenset(
    {ComplaintAct.NOTE, ComplaintAct.ASK_MORE, ComplaintAct.REFUSE, ComplaintAct.EXTEND, ComplaintAct.DECIDE,
     ComplaintAct.WITHDRAW}
)  # fmt: skip
# Steps with a day that is typed, and those of the day on which they are taken.
DATED = {
    ComplaintAct.COMPLETE: "completed_on",
    ComplaintAct.ACCEPT: "accepted_on",
    ComplaintAct.DECIDE: "decided_on",
    ComplaintAct.REPLY: "reply_sent_on",
    ComplaintAct.REFUSE: "reply_sent_on",
}
STAMPED = {ComplaintAct.ASK_MORE: "asked_more_on", ComplaintAct.EXTEND: "extended_on"}
# What the manager may do whom the bureau asked to look into it; all else is the bureau's.
FOR_THE_CENTRE = frozenset({ComplaintAct.NOTE})


class ComplaintMoved(Conflict):
    """The step does not follow from where the complaint stands now."""

    code = "complaint_moved"


class NoRegister(Conflict):
    """No bureau stands above the centre, so there is no register to enter it in."""

    code = "no_register"


class OnlyTheBureau(NotPermitted):
    code = "only_the_bureau"


@dataclass(frozen=True, slots=True)
class Grievance:
    """What a complaint says, and who says it of whom."""

    centre: Organisation
    ground: Ground
    respondent: Respondent
    facts: str
    received_on: date
    received_by: Received
    complainant_name: str
    complainant: Complainant = Complainant.RECIPIENT
    contact: str = ""
    request: str = ""
    respondent_name: str = ""
    case: Case | None = None
    client: Client | None = None
    source: Alert | None = None
    consented_on: date | None = None
    consent_by: ConsentWay | None = None

    def __repr__(self) -> str:
        return "Grievance(…)"


@dataclass(frozen=True, slots=True)
class ComplaintInput:
    """What goes with a step; each reads what it needs."""

    note: str = ""
    on: date | None = None
    outcome: ComplaintOutcome | None = None
    handler: User | None = None
    with_centre: bool = False
    joined_to: Complaint | None = None

    def __repr__(self) -> str:
        return "ComplaintInput(…)"


@transaction.atomic
def register_complaint(*, user: User, grievance: Grievance, now: datetime) -> Complaint:
    """Enter one in the register of the bureau above the centre; its case is marked for sampling.

    :raises NoRegister: the tree has no bureau above the centre.
    :raises InvalidInput: no facts or name, or a day still to come.
    """
    bureau = bureau_above(grievance.centre)
    if bureau is None:
        raise NoRegister(_("No bureau stands above this centre. Ask the operator to add it to the tree."))
    today = today_at(grievance.centre, now)
    _require_past(grievance.received_on, field="received_on", today=today)
    facts, name = _words(grievance.facts, "facts"), _words(grievance.complainant_name, "complainant_name")
    case = grievance.case
    year, number, label = _next_number(bureau, today=today)
    complaint = Complaint(
        bureau=bureau, year=year, number=number, label=label, centre=grievance.centre, case=case,
        source=grievance.source, consented_on=grievance.consented_on, consent_by=grievance.consent_by or "",
        complainant=grievance.complainant, complainant_name=name, contact=_clean(grievance.contact),
        client=_client(grievance),
        received_by=grievance.received_by, received_on=grievance.received_on, ground=grievance.ground,
        respondent=grievance.respondent, respondent_name=_respondent(grievance), facts=facts,
        request=_clean(grievance.request), created_at=now, updated_at=now,
    )  # fmt: skip
    complaint.due_on = complaint_due(complaint, rules_of(bureau.pk).rules)
    complaint.save()
    if case is not None:
        raise_risk_flag(case_id=case.pk, kind=FlagKind.COMPLAINT, actor=user.actor, now=now)
    _written(complaint, ComplaintAct.REGISTER, user=user, note="", now=now)
    return complaint


def _client(grievance: Grievance) -> Client | None:
    """Whose number the reply may use: of several clients of a case the one named, else the export's."""
    if grievance.case is None or grievance.complainant != Complainant.RECIPIENT:
        return None
    named = (each for each in clients_of(grievance.case) if each.name == grievance.complainant_name.strip())
    return grievance.client or next(named, grievance.case.client)


@transaction.atomic
def take_complaint_step(
    *, user: User, complaint: Complaint, act: ComplaintAct, given: ComplaintInput, now: datetime
) -> Complaint:
    """One step of the procedure.

    :raises ComplaintMoved: the step does not follow from where the complaint stands now.
    :raises OnlyTheBureau: the bureau's to do.
    :raises InvalidInput: `field` says what is missing or wrong.
    """
    row = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("bureau", "centre__settings")
        .get(pk=complaint.pk)
    )
    try:
        state = rules.after(
            ComplaintState(row.state),
            act,
            asked_more=row.asked_more_on is not None,
            extended=row.extended_on is not None,
        )
    except rules.ActNotOpen:
        raise ComplaintMoved(_("This complaint has moved on meanwhile. Look at it again.")) from None
    if act not in FOR_THE_CENTRE and not is_the_bureaus(row, user):
        raise OnlyTheBureau(_("Only the bureau takes this step."))
    note = _words(given.note, "note") if act in NOTED else _clean(given.note)
    _apply(row, act, given, now=now)
    row.state = state
    row.due_on = complaint_due(row, rules_of(row.bureau_id).rules)
    row.updated_at = now
    row.save()
    if row.is_over:
        _lower_flag(row, user=user, now=now)
    _written(row, act, user=user, note="" if act in (ComplaintAct.REPLY, ComplaintAct.REFUSE) else note, now=now)
    return row


@transaction.atomic
def reveal_contact(*, user: User, complaint: Complaint, now: datetime) -> str:
    """How the reply reaches whoever complains: what they left, else the client's number. The look is recorded."""
    if complaint.contact:
        record(actor=user.actor, action="surveys.complaint_contact_seen", subject=complaint, at=now)
        return complaint.contact
    if complaint.client is None:
        return ""
    return reveal_phone(client=complaint.client, actor=user.actor, reason=complaint.label, now=now)


def is_the_bureaus(complaint: Complaint, user: User) -> bool:
    """Whether the person is a supervisor of the bureau whose register it stands in."""
    return any(complaint.bureau.path.startswith(path) for path in reached_paths(user, Role.SUPERVISOR))


def _apply(row: Complaint, act: ComplaintAct, given: ComplaintInput, *, now: datetime) -> None:
    """Write down what the step brings; the state is the caller's."""
    today = today_at(row.centre, now)
    day = given.on or today
    if act in DATED:
        _require_between(day, _latest_of(row), today=today)
        setattr(row, DATED[act], day)
    if act in STAMPED:
        setattr(row, STAMPED[act], today)
    if act is ComplaintAct.ASSIGN:
        _assign(row, given)
    if act is ComplaintAct.DECIDE:
        if given.outcome is None:
            raise InvalidInput(_("Say what came of it."), field="outcome")
        row.outcome = given.outcome
    if act in (ComplaintAct.REPLY, ComplaintAct.REFUSE):
        # Told why on that day: not accepting is an answer too.
        row.reply = _words(given.note, "note")
    if act is ComplaintAct.MERGE:
        row.joined_to = _joinable(row, given.joined_to)


def _assign(row: Complaint, given: ComplaintInput) -> None:
    """To a person; and to the centre, unless it is about the centre itself."""
    if given.with_centre and row.respondent == Respondent.CENTRE:
        raise InvalidInput(_("A complaint about the centre or its staff stays with the bureau."), field="with_centre")
    row.with_centre, row.handler = given.with_centre, given.handler
    if given.handler is None:
        return
    row_for_check = Complaint.objects.visible_to(given.handler).filter(pk=row.pk)
    of_centre = given.with_centre and people_with(Role.MANAGER, row.centre).filter(pk=given.handler.pk).exists()
    if not of_centre and not row_for_check.exists():
        raise InvalidInput(_("This person may not handle this complaint."), field="handler")


def _joinable(row: Complaint, other: Complaint | None) -> Complaint:
    if other is None or other.pk == row.pk or other.bureau_id != row.bureau_id or other.is_over:
        raise InvalidInput(_("Give the number of an open complaint of the same register."), field="joined_to")
    return other


def _lower_flag(row: Complaint, *, user: User, now: datetime) -> None:
    """The last open complaint about a case takes the mark away that holds a commendation back."""
    if row.case_id is not None and not Complaint.objects.open().filter(case=row.case_id).exists():
        clear_risk_flag(case_id=row.case_id, kind=FlagKind.COMPLAINT, actor=user.actor, now=now)


def _next_number(bureau: Organisation, *, today: date) -> tuple[int, int, str]:
    """Counted by bureau and year of entry, under the lock of the bureau's row.

    A year once begun stays: no centre where the old one still lasts begins that one's numbers anew.
    """
    counter = rules_of(bureau.pk, lock=True)
    year = max(counter.year, today.year)
    counter.last_number = counter.last_number + 1 if counter.year == year else 1
    counter.year = year
    counter.save(update_fields=["year", "last_number"])
    return year, counter.last_number, f"{counter.number_prefix}〔{year}〕{counter.last_number}号"


def _respondent(grievance: Grievance) -> str:
    if grievance.respondent_name.strip() or grievance.case is None:
        return _clean(grievance.respondent_name)
    named = {Respondent.LAWYER: grievance.case.lawyer, Respondent.FIRM: grievance.case.firm}
    return str(named.get(grievance.respondent, ""))


def _latest_of(row: Complaint) -> date:
    return max(day for day in (row.received_on, row.completed_on, row.accepted_on, row.decided_on) if day)


def _require_between(day: date, since: date, *, today: date) -> None:
    _require_past(day, field="on", today=today)
    if day < since:
        raise InvalidInput(_("This day lies before the step that came before it."), field="on")


def _require_past(day: date, *, field: str, today: date) -> None:
    if day > today:
        raise InvalidInput(_("This day is still to come."), field=field)


def _clean(text: str) -> str:
    return text.strip().replace("\x00", "")


def _words(text: str, field: str) -> str:
    words = _clean(text)
    if not words:
        raise InvalidInput(_("Please write the text."), field=field)
    if len(words) > LONGEST_TEXT:
        raise InvalidInput(_("Please shorten this to %(limit)s characters.") % {"limit": LONGEST_TEXT}, field=field)
    return words


def _written(row: Complaint, act: ComplaintAct, *, user: User, note: str, now: datetime) -> None:
    ComplaintStep.objects.create(complaint=row, act=act, at=now, by=user, note=note)
    # Under the complaint, never under its case: the record of a case has more readers than the register.
    record(actor=user.actor, action=f"surveys.complaint_{act.value}", subject=row, details={"state": row.state}, at=now)
