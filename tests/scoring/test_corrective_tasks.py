"""What follows a decision is reported by the lawyer, checked by another person, and closed or returned."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.errors import InvalidInput, NotPermitted, UnsupportedFile
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarDay
from scoring.enums import ProposalState, RuleCode, TaskKind, TaskState
from scoring.models import CorrectiveTask, Notice, TaskReport
from scoring.services.delivery import serve_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import (
    Evidence,
    FourEyes,
    StepNotDue,
    close_task,
    key_in_report,
    report_task,
    return_task,
)
from scoring.services.withdrawal import withdraw_notice
from scoring.wording import TASK_CLOSED, TASK_REPORTED, TASK_RETURNED
from tests import factories
from tests.scoring.deciding import DISPLAY_OVER, Office, SameScene, accepted, issued, numbered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

# The notice of 15 December asks for a report within fifteen working days.
NAMED = date(2027, 1, 5)
LATER = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)
PAPER = b"%PDF-1.7 \xe8\xa1\xa5\xe6\xad\xa3"


def task_now() -> CorrectiveTask:
    return CorrectiveTask.objects.select_related("proposal").get()


def news_of(person: User) -> list[str]:
    """What was told of tasks, the first first."""
    told = Notification.objects.filter(user=person, text__in=[TASK_REPORTED, TASK_RETURNED, TASK_CLOSED])
    return list(told.order_by("pk").values_list("text", flat=True))


class TestRectification(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def test_it_is_a_task_due_on_the_day_that_the_notice_names(self, notice: Notice) -> None:
        task = task_now()

        assert (task.kind, task.due_on, task.state) == (TaskKind.RECTIFICATION, NAMED, TaskState.OPEN)
        assert str(NAMED) == notice.content["report_by"]

    def test_what_is_not_enough_comes_back_and_another_person_closes(self, place: Office, notice: Notice) -> None:
        task, handler = task_now(), place.handler
        colleague = factories.user(Role.LAWYER, of=factories.lawyer(place.firm))
        with pytest.raises(StepNotDue):
            close_task(task=task, person=place.supervisor, note="已看。", now=DISPLAY_OVER)
        with pytest.raises(InvalidInput):
            report_task(task=task, person=handler, text=" ", now=DISPLAY_OVER)
        with pytest.raises(NotPermitted):
            report_task(task=task, person=colleague, text="已补正。", now=DISPLAY_OVER)
        with pytest.raises(UnsupportedFile):
            report_task(task=task, person=handler, text="", paper=Evidence(BytesIO(b"<html>"), "a.pdf"), now=LATER)
        report_task(task=task, person=handler, text="已补正起诉状。", now=DISPLAY_OVER)
        with pytest.raises(StepNotDue):
            report_task(task=task, person=handler, text="再次", now=DISPLAY_OVER)
        with pytest.raises(FourEyes):
            return_task(task=task, person=place.manager, reason="缺送达回证。", now=LATER)

        assert news_of(place.manager) == [TASK_REPORTED]
        return_task(task=task, person=place.supervisor, reason="缺送达回证。", now=LATER)
        assert news_of(handler) == [TASK_RETURNED]
        assert (task_now().state, task_now().due_on) == (TaskState.OPEN, date(2027, 1, 15))
        report_task(task=task, person=handler, text="", paper=Evidence(BytesIO(PAPER), "回证.pdf"), now=LATER)
        close_task(task=task, person=place.supervisor, note="回证已入卷。", now=LATER)

        assert (news_of(place.manager), news_of(handler)) == ([TASK_REPORTED] * 2, [TASK_RETURNED, TASK_CLOSED])
        assert [(row.text, row.answer, row.note) for row in TaskReport.objects.all()] == [
            ("已补正起诉状。", "returned", "缺送达回证。"),
            ("", "accepted", "回证已入卷。"),
        ]
        assert (task_now().state, task_now().closed_by) == (TaskState.DONE, place.supervisor)
        for rows, change in (
            (CorrectiveTask.objects.all(), {"note": "别的"}),
            (TaskReport.objects.filter(answer="returned"), {"note": "别的"}),
            (TaskReport.objects.all(), {"text": "别的"}),
        ):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                rows.update(**change)

    def test_a_withdrawn_notice_asks_for_nothing(self, place: Office, notice: Notice) -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="评分有误。", now=DISPLAY_OVER)

        assert task_now().state == TaskState.ENDED

    def test_whoever_has_no_account_hands_the_report_in(self, place: Office, notice: Notice) -> None:
        """And who enters it does not check it."""
        place.handler.is_active = False
        place.handler.save()
        given: dict[str, Any] = {"task": task_now(), "person": place.supervisor, "text": "已补正。", "now": LATER}
        for day in (None, date(2026, 12, 1), date(2027, 1, 9)):
            with pytest.raises(InvalidInput):
                key_in_report(**given, received_on=day)
        key_in_report(**given, received_on=date(2027, 1, 5))

        with pytest.raises(FourEyes):
            close_task(task=task_now(), person=place.supervisor, note="已看。", now=LATER)

    def test_lawyer_and_manager_see_it_on_their_pages(
        self, place: Office, notice: Notice, client: Any, time_machine: Any
    ) -> None:
        time_machine.move_to(LATER)
        other = factories.user(Role.LAWYER, of=factories.lawyer(place.firm))
        page, task = reverse("scoring:my-task", args=[task_now().public_id]), task_now()
        client.force_login(other)
        assert client.get(page).status_code == 404
        client.force_login(place.handler)
        with override("en"):
            assert "3 days late" in client.get(page, headers={"accept-language": "en"}).content.decode()
        refused = client.post(page, {"text": "", "paper": SimpleUploadedFile("a.exe", b"MZ")})
        assert refused.status_code == 422
        assert client.post(page, {"paper": SimpleUploadedFile("回证.pdf", PAPER)}).status_code == 302
        paper = reverse("scoring:task-paper", args=[TaskReport.objects.get().paper.public_id])
        assert b"".join(client.get(paper)) == PAPER
        client.force_login(other)
        assert client.get(paper).status_code == 404
        client.force_login(place.supervisor)
        listed = client.get(reverse("scoring:tasks"), {"state": "reported"}).content.decode()
        assert task.proposal.case.number in listed
        assert client.get(reverse("api-tasks"), {"late": "true"}).json()["results"] == []
        back = client.post(reverse("scoring:return-task", args=[task.proposal.public_id]), {"note": "页码不清。"})
        assert (back.status_code, task_now().state) == (302, TaskState.OPEN)


def handed_over(on: date, *, made_up: date | None = None) -> date:
    """Until when a rectification is due whose paper reached the lawyer on that day; `made_up`: a Saturday worked."""
    place, notice = numbered(RuleCode.S2)
    User.objects.filter(pk=place.handler.pk).update(is_active=False)
    render_notices(now=DISPLAY_OVER)
    assert not CorrectiveTask.objects.exists(), "nothing is asked of who does not know of it"
    if made_up:
        CalendarDay.objects.create(day=made_up, is_workday=True)
    serve_notice(notice=Notice.objects.get(pk=notice.pk), served_on=on, person=place.manager, now=LATER)
    return task_now().due_on


def test_a_paper_handed_over_late_leaves_the_fifteen_working_days_whole() -> None:
    assert handed_over(date(2026, 12, 18)) == date(2027, 1, 8)


def test_no_working_day_entered_since_takes_a_day_from_what_the_notice_names() -> None:
    assert handed_over(date(2026, 12, 15), made_up=date(2026, 12, 19)) == NAMED


def test_coaching_reported_by_the_lawyer_ends_the_proposal_when_another_person_accepts() -> None:
    place, row = accepted(RuleCode.S1)
    report_task(task=task_now(), person=place.handler, text="已参加培训。", now=DISPLAY_OVER)
    close_task(task=task_now(), person=place.supervisor, note="属实。", now=DISPLAY_OVER)

    row.refresh_from_db()
    assert (row.state, TaskReport.objects.get().answer) == (ProposalState.CARRIED_OUT, "accepted")
