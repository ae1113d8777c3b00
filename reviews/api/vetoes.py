"""Endpoints of vetoes: the lawyer's answer, the decision, and what goes on to another organ."""

from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, sent
from qa_service.common.filters import YesNo, among
from reviews.api import serializers as shapes
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING
from reviews.models import VetoMark
from reviews.queries.results import vetoes_to_answer
from reviews.queries.transfers import vetoes_to_transfer, vetoes_transferable
from reviews.queries.work import vetoes_to_decide, vetoes_to_tell
from reviews.services.transfers import record_transfer
from reviews.services.vetoes import answer_veto, decide_veto
from reviews.services.vetoes_on_paper import key_in_veto_answer, serve_veto


class VetoFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    to_tell = YesNo(method="only_to_tell", label=_("Waits for its paper to be handed over"))

    class Meta:
        model = VetoMark
        fields: tuple[str, ...] = ()

    def only_to_tell(self, rows: QuerySet[VetoMark], _name: str, wanted: bool) -> QuerySet[VetoMark]:
        return among(rows, vetoes_to_tell(cast("User", self.request.user)), wanted=wanted)


class VetoList(ListAPIView[VetoMark]):
    """Veto items that wait: for the lawyer's answer, or for a manager's decision."""

    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)
    serializer_class = shapes.WaitingVetoReader
    filterset_class = VetoFilter
    queryset = VetoMark.objects.none()

    def get_queryset(self) -> Any:
        user = cast("User", self.request.user)
        own = vetoes_to_answer(user.lawyer_id) if user.lawyer_id and user.has_role(Role.LAWYER) else None
        managed = vetoes_to_decide(user) if user.has_role(*MANAGING) else None
        wanted = Q(pk__in=[])
        for rows in (own, managed):
            wanted |= Q(pk__in=rows.order_by().values("pk")) if rows is not None else Q(pk__in=[])
        return VetoMark.objects.filter(wanted).select_related("veto", "review__assignment__case")


class VetoAnswer(Endpoint):
    """The lawyer's answer to a veto."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    @extend_schema(request=shapes.AnswerWriter, responses=shapes.VetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_answer(user.lawyer_id or 0), public_id=veto_id)
        given = sent(request, shapes.AnswerWriter)
        answered = answer_veto(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.VetoReader(answered).data)


class VetoService(ManagerView):
    """Enter the day on which a lawyer without an account was handed the veto on paper."""

    @extend_schema(request=shapes.ResultServiceWriter, responses=shapes.WaitingVetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_decide(user), public_id=veto_id)
        given = sent(request, shapes.ResultServiceWriter)
        told = serve_veto(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.WaitingVetoReader(told).data)


class KeyedVetoAnswer(ManagerView):
    """Enter the answer on paper of a lawyer who was told on paper."""

    @extend_schema(request=shapes.KeyedAnswerWriter, responses=shapes.WaitingVetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_decide(user), public_id=veto_id)
        given = sent(request, shapes.KeyedAnswerWriter)
        answered = key_in_veto_answer(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.WaitingVetoReader(answered).data)


class TransferList(ListAPIView[VetoMark]):
    """Confirmed vetoes that also go to another organ and that nobody has handed on yet."""

    permission_classes = (HasRole.of(Role.SUPERVISOR),)
    serializer_class = shapes.WaitingVetoReader
    queryset = VetoMark.objects.none()

    def get_queryset(self) -> Any:
        return vetoes_to_transfer(cast("User", self.request.user))


class TransferRecord(Endpoint):
    """Record that a confirmed veto was handed on, to whom, when and under what reference."""

    permission_classes = (HasRole.of(Role.SUPERVISOR),)

    @extend_schema(request=shapes.TransferWriter, responses={201: shapes.TransferReader})
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_transferable(user), public_id=veto_id)
        given = sent(request, shapes.TransferWriter)
        made = record_transfer(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.TransferReader(made).data, status=201)


class VetoDecision(ManagerView):
    """Confirm or dismiss a veto, by a person who did not mark it."""

    @extend_schema(request=shapes.VetoDecisionWriter, responses=shapes.VetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_decide(user), public_id=veto_id)
        given = sent(request, shapes.VetoDecisionWriter)
        decided = decide_veto(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.VetoReader(decided).data)
