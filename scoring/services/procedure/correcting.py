"""What is to be done after a decision: given, reported by the lawyer, checked by another person, closed or returned."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, reads_here, users_of_lawyers
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.common.workdays import add_workdays
from qa_service.files.enums import PaperKind
from qa_service.files.services import store
from qa_service.files.sniffing import kind_of_paper
from qa_service.notifications.services import notify
from qa_service.organisations.queries import calendar, today_at, workdays_if_known
from reviews.queries.scans import ground_known
from scoring.enums import ProposalState, TaskAnswer, TaskKind, TaskState
from scoring.models import CorrectiveTask, Decision, Notice, Proposal, TaskPaper, TaskReport
from scoring.services.procedure.steps import (
    FourEyes,
    StepNotDue,
    locked,
    move,
    require_independent,
    require_reason,
)
from scoring.wording import TASK_CLOSED, TASK_GIVEN, TASK_REPORTED, TASK_RETURNED

RECTIFY_WORKDAYS: Final = 15
COACHING_WORKDAYS: Final = 10
# What was returned is not due before so many working days have passed.
RETURNED_WORKDAYS: Final = 5
REPORT_LENGTH: Final = 5000
PAPER_BYTES: Final = 10 * 2**20


class FileOnPaper(Conflict):
    """Nothing of this file may be copied."""

    code = "file_on_paper"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper as it came."""

    stream: BinaryIO
    name: str


def give_coaching(row: Proposal, *, now: datetime) -> None:
    """In the caller's transaction."""
    due_on = add_workdays(today_at(row.centre, now), COACHING_WORKDAYS, calendar())
    items = [each["figures"]["item"] for each in row.evidence if "item" in each["figures"]]
    task = CorrectiveTask.objects.create(proposal=row, lawyer_id=row.the_lawyer.pk, items=items, due_on=due_on)
    _tell(task, TASK_GIVEN, now=now, day=str(due_on))


def give_rectification(notice: Notice) -> None:
    """Once the rectification reached the lawyer: due on the day that it names, or, where the paper was handed over
    later than it was issued, as many working days after that. In the caller's transaction."""
    delivered_on = Notice.objects.values_list("delivered_on", flat=True).get(pk=notice.pk)
    if delivered_on is None:
        return
    named = date.fromisoformat(notice.content["report_by"])
    due_on = max(named, workdays_if_known(delivered_on, RECTIFY_WORKDAYS) or named)
    # The lawyer is told of the notice, which says what is to be done and by when.
    _task, given = CorrectiveTask.objects.get_or_create(
        proposal=notice.proposal, defaults={"lawyer_id": notice.the_lawyer.pk, "due_on": due_on}
    )
    if not given:  # by the notice in whose place this one was issued: its days count
        CorrectiveTask.objects.filter(proposal=notice.proposal, state=TaskState.OPEN, due_on__lt=due_on).update(
            due_on=due_on
        )


def end_rectification(proposal: Proposal) -> None:
    """What was decided was taken back, and with it what it asked for. In the caller's transaction."""
    running = CorrectiveTask.objects.filter(proposal=proposal, state__in=(TaskState.OPEN, TaskState.REPORTED))
    running.update(state=TaskState.ENDED)


@transaction.atomic
def report_task(
    *, task: CorrectiveTask, person: User, text: str, paper: Evidence | None = None, now: datetime
) -> TaskReport:
    """The lawyer says what was done, in words, with a paper, or both. Late is taken, and stays late.

    :raises StepNotDue: a report waits to be checked already, or the task is over.
    :raises InvalidInput: neither words nor a paper, or too many words; see also `kind_of_paper`.
    :raises FileOnPaper: a paper, where nothing of the file may be copied.
    """
    row = locked(task.proposal_id)
    if person.lawyer_id is None or person.lawyer_id != task.lawyer_id:
        raise NotPermitted(_("Only the lawyer concerned can report."))
    made = _reported(row, task, person, text, paper, received_on=None, now=now)
    notify(
        users=people_with(Role.MANAGER, row.centre),
        text=TASK_REPORTED,
        params={"case": row.named},
        url=f"/scoring/proposals/{row.public_id}",
        now=now,
    )
    return made


@transaction.atomic
def key_in_report(
    *,
    task: CorrectiveTask,
    person: User,
    text: str,
    received_on: date | None,
    paper: Evidence | None = None,
    now: datetime,
) -> TaskReport:
    """Enter what a lawyer without an account handed in.

    :raises StepNotDue: they have an account and report there, or nothing is to be reported now.
    :raises InvalidInput: no day, or one before the decision or after today; else as `report_task`.
    """
    row = locked(task.proposal_id)
    require_independent(row, person)
    if reads_here(task.lawyer_id):
        raise StepNotDue(_("Enter a report here only for a lawyer without an account."))
    decided = Decision.objects.filter(proposal=row).values_list("decided_at", flat=True).first()
    came_on = required_day(
        received_on,
        first=today_at(row.centre, decided or row.proposed_at),
        last=today_at(row.centre, now),
        field="received_on",
        missing=_("Enter the day on which the report was received."),
        outside=_("The day of receipt lies before the decision or after today."),
    )
    return _reported(row, task, person, text, paper, received_on=came_on, now=now)


def _reported(
    row: Proposal,
    task: CorrectiveTask,
    person: User,
    text: str,
    paper: Evidence | None,
    *,
    received_on: date | None,
    now: datetime,
) -> TaskReport:
    words = text.strip()
    if not words and paper is None:
        raise InvalidInput(_("Say what was done, or attach a paper that shows it."), field="text")
    if len(words) > REPORT_LENGTH:
        raise InvalidInput(_("Write between 1 and %(limit)d characters.") % {"limit": REPORT_LENGTH}, field="text")
    kind = _checked(row.the_case, paper) if paper else None
    if not CorrectiveTask.objects.filter(pk=task.pk, state=TaskState.OPEN).update(state=TaskState.REPORTED):
        raise StepNotDue(_("A report waits to be checked already, or this task is over."))
    report = TaskReport.objects.create(task=task, text=words, given_at=now, given_by=person, received_on=received_on)
    if paper and kind:
        stored = store(
            data=paper.stream,
            name=paper.name,
            content_type="application/octet-stream",
            limit=PAPER_BYTES,
            now=now,
        )
        TaskPaper.objects.create(report=report, file=stored, kind=kind, name=stored.name)
    record(actor=person.actor, action="scoring.task_reported", subject=row, at=now)
    return report


def _checked(case: Case, paper: Evidence) -> PaperKind:
    ground = ground_known(case)
    if ground is not None:
        message = _("This file is kept on paper and nothing of it is uploaded: %(why)s.")
        raise FileOnPaper(message % {"why": ground.label})
    return kind_of_paper(paper.stream)


@transaction.atomic
def close_task(*, task: CorrectiveTask, person: User, note: str, now: datetime) -> None:
    """Another person than who decided looked at it and says what they saw: the task is over.

    Coaching may be closed by who saw it done, reported or not.

    :raises StepNotDue: it is over already, or nothing was reported yet; :raises NotIndependent, FourEyes: see there.
    :raises InvalidInput: no words, or a single sign.
    """
    row = locked(task.proposal_id)
    said = _require_checker(row, task, person, note, _("Say what was done."))
    held = _held(task)
    if held.state == TaskState.OPEN and held.kind != TaskKind.COACHING:
        raise StepNotDue(_("The lawyer has not reported yet what was done."))
    if held.state not in {TaskState.OPEN, TaskState.REPORTED}:
        raise StepNotDue(_("This task was closed already."))
    _answer(held, TaskAnswer.ACCEPTED, person, said, now=now)
    CorrectiveTask.objects.filter(pk=task.pk).update(state=TaskState.DONE, note=said, done_at=now, closed_by=person)
    if held.kind == TaskKind.COACHING:
        move(row, ProposalState.CARRIED_OUT, closed_at=now)
    record(actor=person.actor, action="scoring.task_closed", subject=row, at=now)
    _tell(held, TASK_CLOSED, now=now)


@transaction.atomic
def return_task(*, task: CorrectiveTask, person: User, reason: str, now: datetime) -> None:
    """What was reported is not enough: the lawyer is told why and reports again.

    :raises StepNotDue: no report waits; :raises NotIndependent, FourEyes: see `close_task`.
    :raises InvalidInput: no words, or a single sign.
    """
    row = locked(task.proposal_id)
    said = _require_checker(row, task, person, reason, _("Say what is still missing."))
    held = _held(task)
    if held.state != TaskState.REPORTED:
        raise StepNotDue(_("No report waits to be checked."))
    _answer(held, TaskAnswer.RETURNED, person, said, now=now)
    due_on = max(held.due_on, add_workdays(today_at(row.centre, now), RETURNED_WORKDAYS, calendar()))
    CorrectiveTask.objects.filter(pk=task.pk).update(state=TaskState.OPEN, due_on=due_on)
    record(actor=person.actor, action="scoring.task_returned", subject=row, details={"due_on": str(due_on)}, at=now)
    _tell(held, TASK_RETURNED, now=now, day=str(due_on))


def _require_checker(row: Proposal, task: CorrectiveTask, person: User, words: str, refusal: str) -> str:
    require_independent(row, person)
    decided = Decision.objects.filter(proposal=row, decided_by=person).exists()
    entered = TaskReport.objects.filter(task=task, answer="", given_by=person).exists()
    if decided or entered:
        raise FourEyes(
            _(
                "Who decided, or entered the report, does not check it. Ask another manager of the centre or the "
                "supervising bureau."
            )
        )
    return require_reason(words, refusal, field="note")


def _held(task: CorrectiveTask) -> CorrectiveTask:
    return CorrectiveTask.objects.select_for_update(of=("self",)).select_related("proposal__case").get(pk=task.pk)


def _answer(task: CorrectiveTask, answer: TaskAnswer, person: User, note: str, *, now: datetime) -> None:
    open_report = TaskReport.objects.filter(task=task, answer="")
    open_report.update(answer=answer, note=note, answered_by=person, answered_at=now)


def _tell(task: CorrectiveTask, text: str, *, now: datetime, **params: str) -> None:
    notify(
        users=users_of_lawyers([task.lawyer_id]),
        text=text,
        params={"case": task.proposal.named} | params,
        url=f"/scoring/tasks/{task.public_id}",
        now=now,
    )
