"""Endpoints of results: reading them, telling the lawyer, another reader, a late file accepted."""

from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.models import Case
from qa_service.common.api import sent
from qa_service.common.filters import YesNo, among
from reviews.api import serializers as shapes
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING, ResultState
from reviews.models import CaseReview
from reviews.queries.lateness import cases_excused_by
from reviews.queries.results import results_to_tell
from reviews.queries.work import cases_needing_a_reader
from reviews.services.assignments import add_next_reader
from reviews.services.lateness import accept_lateness, take_back_lateness
from reviews.services.results import release_with_one_reader
from reviews.services.telling import serve_result


class ResultFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    number = django_filters.CharFilter(field_name="case__number", lookup_expr="icontains", label=_("Case"))
    state = django_filters.ChoiceFilter(choices=ResultState.choices, label=_("State"))
    needs_reader = YesNo(method="only_needing", label=_("Needs another reader"))
    to_tell = YesNo(method="only_to_tell", label=_("Waits for its paper to be handed over"))

    class Meta:
        model = CaseReview
        fields: tuple[str, ...] = ()

    def only_needing(self, rows: QuerySet[CaseReview], _name: str, wanted: bool) -> QuerySet[CaseReview]:
        return among(rows, cases_needing_a_reader(cast("User", self.request.user)), wanted=wanted)

    def only_to_tell(self, rows: QuerySet[CaseReview], _name: str, wanted: bool) -> QuerySet[CaseReview]:
        return among(rows, results_to_tell(cast("User", self.request.user)), wanted=wanted)


class ResultList(ListAPIView[CaseReview]):
    """Results in force: a lawyer's and a firm's own once released, a manager's centres' in every state."""

    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *MANAGING),)
    serializer_class = shapes.ResultReader
    filterset_class = ResultFilter
    queryset = CaseReview.objects.none()

    def get_queryset(self) -> Any:
        return CaseReview.objects.current().visible_to(self.request.user).select_related("case")


@extend_schema_view(get=extend_schema(description="A result, for the lawyer and firm it concerns and for managers."))
class ResultDetail(RetrieveAPIView[CaseReview]):
    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *MANAGING),)
    serializer_class = shapes.WholeResultReader
    queryset = CaseReview.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "result_id"

    def get_queryset(self) -> Any:
        return CaseReview.objects.visible_to(self.request.user).select_related("case")


class ResultReaders(ManagerView):
    """Name the next reader of a file: a second, or a third where two differ or the grade takes one."""

    @extend_schema(request=None, responses={201: shapes.AssignmentReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        managed = CaseReview.objects.current().managed_by(request.user).select_related("case__centre")
        result = get_object_or_404(managed, public_id=result_id)
        row = add_next_reader(case=result.case, user=cast("User", request.user), now=timezone.now())
        return Response(shapes.AssignmentReader(row).data, status=201)


class ResultRelease(ManagerView):
    """Release a result whose grade takes a second reader, or leave a released one as it was read; with the reason.

    For a centre that has nobody for it. A fail that was released goes on waiting for its reader.
    """

    @extend_schema(request=shapes.ReleaseWriter, responses=shapes.ResultReader)
    def post(self, request: Request, result_id: UUID) -> Response:
        managed = CaseReview.objects.current().managed_by(request.user).select_related("case__centre")
        found = get_object_or_404(managed, public_id=result_id)
        given = sent(request, shapes.ReleaseWriter)
        released = release_with_one_reader(
            case=found.case, **given, user=cast("User", request.user), now=timezone.now()
        )
        return Response(shapes.ResultReader(released).data)


class ResultService(ManagerView):
    """Enter the day on which a lawyer without an account was handed the result on paper."""

    @extend_schema(request=shapes.ResultServiceWriter, responses=shapes.ResultReader)
    def post(self, request: Request, result_id: UUID) -> Response:
        found = get_object_or_404(CaseReview.objects.managed_by(request.user), public_id=result_id)
        given = sent(request, shapes.ResultServiceWriter)
        served = serve_result(result=found, **given, user=cast("User", request.user), now=timezone.now())
        return Response(shapes.ResultReader(served).data)


class LateFile(ManagerView):
    """Accept a reason for which a late file counts as in time."""

    def _case(self, request: Request, case_id: UUID) -> Case:
        return get_object_or_404(cases_excused_by(cast("User", request.user)), public_id=case_id)

    def _reason(self, request: Request) -> str:
        return str(sent(request, shapes.ReleaseWriter)["reason"])

    @extend_schema(request=shapes.ReleaseWriter, responses={201: shapes.LatenessReader})
    def post(self, request: Request, case_id: UUID) -> Response:
        case, user = self._case(request, case_id), cast("User", request.user)
        row = accept_lateness(case=case, reason=self._reason(request), user=user, now=timezone.now())
        return Response(shapes.LatenessReader(row).data, status=201)


class LateFileAgain(LateFile):
    """Take such a reason back, saying why."""

    @extend_schema(request=shapes.ReleaseWriter, responses=shapes.LatenessReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        case, user = self._case(request, case_id), cast("User", request.user)
        row = take_back_lateness(case=case, reason=self._reason(request), user=user, now=timezone.now())
        return Response(shapes.LatenessReader(row).data)
