"""Corrective tasks for programs: the list, the lawyer's report, and the check by another person."""

from typing import Any, BinaryIO, cast
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, sent
from qa_service.common.filters import YesNo, among
from scoring.api import decision_shapes as shapes
from scoring.api.decisions import ProposalStep, person
from scoring.enums import TaskState
from scoring.models import DECIDING_ROLES, CorrectiveTask, TaskReport
from scoring.queries.tasks import tasks_late, tasks_seen_by
from scoring.services.procedure import Evidence, close_task, key_in_report, report_task, return_task


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    state = django_filters.ChoiceFilter(choices=TaskState.choices)
    late = YesNo(method="only_late", label=_("To be done, and its day is over"))

    class Meta:
        model = CorrectiveTask
        fields: tuple[str, ...] = ()

    def only_late(self, rows: QuerySet[CorrectiveTask], _name: str, wanted: bool) -> QuerySet[CorrectiveTask]:
        return among(rows, tasks_late(tasks_seen_by(person(self.request)), now=timezone.now()), wanted=wanted)


class TaskList(ListAPIView[CorrectiveTask]):
    """Tasks of one's centres; to a lawyer their own."""

    permission_classes = (HasRole.of(*DECIDING_ROLES, Role.LAWYER),)
    serializer_class = shapes.ListedTaskReader
    filterset_class = TaskFilter
    queryset = CorrectiveTask.objects.none()

    def get_queryset(self) -> QuerySet[CorrectiveTask]:
        reports = Prefetch("reports", TaskReport.objects.select_related("paper"))
        return tasks_seen_by(person(self.request)).prefetch_related(reports)


def _given(request: Request, shape: type[shapes.ReportWriter]) -> dict[str, Any]:
    given = sent(request, shape)
    uploaded = given.pop("paper")
    paper = Evidence(cast("BinaryIO", uploaded.file), uploaded.name) if uploaded is not None else None
    return {**given, "paper": paper}


class TaskReporting(Endpoint):
    """The lawyer says what was done, in words, with a paper, or both."""

    permission_classes = (HasRole.of(Role.LAWYER),)
    parser_classes = (JSONParser, MultiPartParser, FormParser)

    @extend_schema(request=shapes.ReportWriter, responses={201: shapes.ReportReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        who = person(request)
        task = get_object_or_404(tasks_seen_by(who).filter(lawyer=who.lawyer_id), public_id=public_id)
        made = report_task(task=task, person=who, **_given(request, shapes.ReportWriter), now=timezone.now())
        return Response(shapes.ReportReader(made).data, status=201)


class TaskStep(ProposalStep):
    def task(self, public_id: UUID) -> CorrectiveTask:
        return get_object_or_404(CorrectiveTask, proposal=self.proposal(public_id))


class KeyedReport(TaskStep):
    """Enter what a lawyer without an account handed in."""

    parser_classes = (JSONParser, MultiPartParser, FormParser)

    @extend_schema(request=shapes.KeyedReportWriter, responses={201: shapes.ReportReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        task, given = self.task(public_id), _given(request, shapes.KeyedReportWriter)
        made = key_in_report(task=task, person=person(request), **given, now=timezone.now())
        return Response(shapes.ReportReader(made).data, status=201)


class TaskClosing(TaskStep):
    """Another person than who decided saw it done and says what they saw."""

    @extend_schema(request=shapes.TaskWriter, responses=shapes.ProposalReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        task, given = self.task(public_id), sent(request, shapes.TaskWriter)
        close_task(task=task, person=person(request), note=given["note"], now=timezone.now())
        return self.answer(public_id)


class TaskReturn(TaskStep):
    """What was reported is not enough: the lawyer reports again."""

    @extend_schema(request=shapes.TaskWriter, responses=shapes.ProposalReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        task, given = self.task(public_id), sent(request, shapes.TaskWriter)
        return_task(task=task, person=person(request), reason=given["note"], now=timezone.now())
        return self.answer(public_id)
