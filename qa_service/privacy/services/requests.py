"""Requests of persons about their own data: entered with a deadline, answered by a named person, carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import Client
from qa_service.cases.services import correct_name, correct_phone, hold_person
from qa_service.cases.services.erased import refuse_erased
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.queries import today_at, workdays_if_known
from qa_service.organisations.services import fill_last_days
from qa_service.privacy.enums import Asker, CameBy, Proof, RequestKind, RequestState, Stay
from qa_service.privacy.models import PersonRequest
from qa_service.privacy.services.persons import Line, erase_person
from surveys.services import stop_asking

SWEEPER = Actor.system("privacy.requests")
WAITING = (Stay.UNDER_WAY, Stay.PAPER)
A_SWEEP = 50


class RequestOpen(Conflict):
    """The person has asked the same already, and it is not answered yet."""

    code = "request_open"


class RequestAnswered(Conflict):
    code = "request_answered"


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as it came."""

    kind: RequestKind
    proof: Proof
    came_by: CameBy
    received_on: date
    asker: Asker = Asker.PERSON
    asker_name: str = ""
    wanted: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Asking":
        """From the checked fields of a form or of a program's body, by the names above."""
        return cls(
            kind=RequestKind(given["kind"]),
            proof=Proof(given["proof"]),
            came_by=CameBy(given["came_by"]),
            received_on=given["received_on"],
            asker=Asker(given["asker"]),
            asker_name=given["asker_name"],
            wanted=given["wanted"],
        )

    def __repr__(self) -> str:
        return f"Asking({self.kind})"


@transaction.atomic
def register_request(*, user: User, client: Client, asking: Asking, now: datetime) -> PersonRequest:
    """Enter it in the register; the last day to answer is counted in working days from the day it came.

    :raises PersonErased: nothing is held of the person any more.
    :raises RequestOpen: the same stands there unanswered.
    :raises InvalidInput: a day to come, or somebody else who is not named or shows no right to ask.
    """
    held = Client.objects.select_for_update(of=("self",)).select_related("centre__settings").get(pk=client.pk)
    refuse_erased(held)
    _check(asking, today=today_at(held.centre, now))
    if PersonRequest.objects.open().filter(client=held, kind=asking.kind).exists():
        raise RequestOpen(_("The person has asked this already, and it is not answered yet."), field="kind")
    row = PersonRequest.objects.create(
        centre=held.centre,
        client=held,
        kind=asking.kind,
        asker=asking.asker,
        asker_name="" if asking.asker == Asker.PERSON else asking.asker_name.strip(),
        proof=asking.proof,
        came_by=asking.came_by,
        wanted=asking.wanted.strip(),
        received_on=asking.received_on,
        due_on=workdays_if_known(asking.received_on, held.centre.settings.person_request_days),
        registered_by=user,
        registered_at=now,
    )
    details = {"request": row.pk, "kind": row.kind}
    record(actor=user.actor, action="privacy.request_registered", subject=held, details=details, at=now)
    return row


def _check(asking: Asking, *, today: date) -> None:
    if asking.received_on > today:
        raise InvalidInput(_("It cannot have come in on a day still ahead."), field="received_on")
    if asking.asker == Asker.PERSON:
        return
    if not asking.asker_name.strip():
        raise InvalidInput(_("Say who asks for the person."), field="asker_name")
    if asking.proof != Proof.AUTHORITY:
        text = _("Whoever asks for somebody else must show the paper that gives them the right.")
        raise InvalidInput(text, field="proof")


@transaction.atomic
def answer_request(
    *, user: User, request: PersonRequest, decision: RequestState, reason: str = "", now: datetime
) -> PersonRequest:
    """Decide, and carry out what was granted, in one transaction.

    :raises RequestAnswered: it is decided already; nothing is done twice.
    :raises InvalidInput: refused without a reason, or no decision.
    """
    row = _locked(request)
    if decision not in (RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN):
        raise InvalidInput(_("Grant it, refuse it, or note that the person has withdrawn it."), field="decision")
    if decision == RequestState.REFUSED and not reason.strip():
        raise InvalidInput(_("A refusal needs its reason (PIPL art. 50)."), field="reason")
    today = today_at(row.centre, now)
    row.state, row.reason, row.decided_by, row.done_on = decision, reason.strip(), user, max(today, row.received_on)
    if decision == RequestState.GRANTED and row.kind in (RequestKind.OBJECTION, RequestKind.ERASURE):
        hold_person(row.client)
        stop_asking(client=row.client, user=user, now=now)
    lines: tuple[Line, ...] = ()
    if decision == RequestState.GRANTED and row.kind == RequestKind.ERASURE:
        # Decided first: the request itself is no more under way.
        row.save()
        lines = erase_person(client=row.client, day=today, now=now)
        _note(row, lines)
    row.save()
    details = {"request": row.pk, "kind": row.kind, "decision": row.state}
    record(actor=user.actor, action="privacy.request_answered", subject=row.client, details=details, at=now)
    return row


@transaction.atomic
def correct_person(
    *, user: User, request: PersonRequest, name: str = "", phone: str = "", owner: NumberOwner, now: datetime
) -> Client:
    """Put right what an open request for correction is about: the name, the number, or both.

    :raises RequestAnswered: the request is not open, or asks for something else.
    :raises InvalidInput: neither was given, or as the services of the person say.
    """
    row = _locked(request)
    if row.kind != RequestKind.CORRECTION:
        raise RequestAnswered(_("This request does not ask for a correction."))
    if not name.strip() and not phone.strip():
        raise InvalidInput(_("Give the name or the number as it should be."), field="new_name")
    client = row.client
    hold_person(client)
    if name.strip():
        client = correct_name(client=client, name=name, actor=user.actor, now=now)
    if phone.strip():
        told = row.asker == Asker.PERSON
        client = correct_phone(client=client, phone=phone, owner=owner, told_by_client=told, actor=user.actor, now=now)
    return client


def tend_requests(*, now: datetime) -> int:
    """Erase what only had to wait, and set days that a missing calendar left open; returns how many requests."""
    return _finish_erasures(now=now) + _fill_days()


def _finish_erasures(*, now: datetime) -> int:
    finished = 0
    for key in PersonRequest.objects.filter(rest_waits=True).order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
        finished += _finish_one(key, now=now)
    return finished


@transaction.atomic
def _finish_one(key: int, *, now: datetime) -> int:
    row = PersonRequest.objects.select_for_update(of=("self",)).select_related("client", "centre__settings").get(pk=key)
    if not row.rest_waits:
        return 0
    lines = erase_person(client=row.client, day=today_at(row.centre, now), now=now)
    _note(row, lines, before=row.outcome)
    row.save()
    if all(line.why for line in lines) and row.rest_waits:
        return 0
    details = {"request": row.pk, "kind": row.kind, "decision": row.state}
    record(actor=SWEEPER, action="privacy.rest_erased", subject=row.client, details=details, at=now)
    return 1


def _note(row: PersonRequest, lines: tuple[Line, ...], *, before: list[dict[str, object]] | None = None) -> None:
    """What went is added to what went before; what stays is said anew."""
    gone = [line for line in before or [] if not line["why"]]
    row.outcome = [*gone, *(line.stored() for line in lines)]
    row.rest_waits = any(line.why in WAITING for line in lines)
    row.state = RequestState.PARTLY if any(line.why for line in lines) else RequestState.GRANTED


def _fill_days() -> int:
    filled = 0
    open_still = PersonRequest.objects.open().filter(due_on=None)
    for days in set(open_still.order_by().values_list("centre__settings__person_request_days", flat=True)):
        rows = open_still.filter(centre__settings__person_request_days=days)
        filled += fill_last_days(rows, "due_on", begun=lambda row: row.received_on, workdays=days)
    return filled


def _locked(request: PersonRequest) -> PersonRequest:
    """:raises RequestAnswered: somebody has decided it meanwhile."""
    rows = PersonRequest.objects.select_for_update(of=("self",))
    row = rows.select_related("client__centre__settings", "centre__settings").get(pk=request.pk)
    if not row.is_open:
        raise RequestAnswered(_("This request is answered already."))
    return row
