"""Corrective tasks, for those who check them and for the lawyer whose they are."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from qa_service.accounts.models import User
from qa_service.organisations.queries import on_the_day_there, today_at
from scoring.enums import TaskState
from scoring.models import CorrectiveTask, TaskPaper

RUNNING = (TaskState.OPEN, TaskState.REPORTED)


@dataclass(frozen=True, slots=True)
class Left:
    """Days until a task is due, that day not counted; `late` days since, where it has passed."""

    days: int

    @property
    def late(self) -> int:
        return max(0, -self.days)


def tasks_seen_by(user: User) -> QuerySet[CorrectiveTask]:
    """The most urgent first, those that are over last."""
    rows = CorrectiveTask.objects.visible_to(user).select_related(
        "proposal__case", "proposal__centre__settings", "proposal__firm", "lawyer"
    )
    running = When(state__in=RUNNING, then=Value(0))
    over = Case(running, default=Value(1), output_field=IntegerField())
    return rows.order_by(over, "due_on", "pk")


def tasks_late(rows: QuerySet[CorrectiveTask], *, now: datetime) -> QuerySet[CorrectiveTask]:
    """To be done, and the day is over where they are done."""
    late = on_the_day_there(now, "proposal__centre", lambda day: Q(due_on__lt=day))
    return rows.filter(late, state=TaskState.OPEN)


def tasks_of(lawyer_id: int) -> QuerySet[CorrectiveTask]:
    """A lawyer's own that are not over."""
    rows = CorrectiveTask.objects.filter(lawyer=lawyer_id, state__in=RUNNING)
    return rows.select_related("proposal__case", "proposal__centre__settings").order_by("due_on")


def left_of(task: CorrectiveTask, *, now: datetime) -> Left | None:
    """None where nothing waits for the lawyer."""
    if task.state != TaskState.OPEN:
        return None
    today: date = today_at(task.proposal.centre, now)
    return Left((task.due_on - today).days)


def papers_of_tasks(user: User) -> QuerySet[TaskPaper]:
    seen = CorrectiveTask.objects.visible_to(user)
    return TaskPaper.objects.filter(report__task__in=seen).select_related("file")
