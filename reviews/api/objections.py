"""Endpoints of objections: the lawyer's own, those on paper, and their decision."""

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, sent
from reviews.api import serializers as shapes
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING
from reviews.models import CaseReview, Objection
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, key_in_objection, lodge_objection


class ResultObjections(Endpoint):
    """The lawyer's objection to marks, within ten working days of being told of them."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    @extend_schema(request=shapes.ObjectionWriter, responses={201: shapes.ObjectionReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        result = get_object_or_404(CaseReview.objects.visible_to(request.user), public_id=result_id)
        given = sent(request, shapes.ObjectionWriter)
        user = cast("User", request.user)
        objection = lodge_objection(result=result, **given, user=user, now=timezone.now())
        return Response(shapes.ObjectionReader(objection).data, status=201)


class KeyedObjections(ManagerView):
    """Enter the objection on paper of a lawyer who was told on paper."""

    @extend_schema(request=shapes.KeyedObjectionWriter, responses={201: shapes.ObjectionReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        found = get_object_or_404(CaseReview.objects.managed_by(request.user), public_id=result_id)
        given = sent(request, shapes.KeyedObjectionWriter)
        user = cast("User", request.user)
        objection = key_in_objection(result=found, **given, user=user, now=timezone.now())
        return Response(shapes.ObjectionReader(objection).data, status=201)


class ObjectionList(ListAPIView[Objection]):
    """Objections: a lawyer's own, and those to files of a manager's centres."""

    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)
    serializer_class = shapes.ObjectionReader
    queryset = Objection.objects.none()

    def get_queryset(self) -> Any:
        return Objection.objects.visible_to(self.request.user).select_related("case").prefetch_related("items__item")


class ObjectionDecision(ManagerView):
    """Decide every objected item and answer the lawyer."""

    @extend_schema(request=shapes.ObjectionDecisionWriter, responses=shapes.ObjectionReader)
    def post(self, request: Request, objection_id: UUID) -> Response:
        objection = get_object_or_404(Objection.objects.visible_to(request.user), public_id=objection_id)
        given = sent(request, shapes.ObjectionDecisionWriter)
        rulings = [
            Ruling(ruling["item"], upheld=ruling.pop("upheld"), mark=MarkEntry(**ruling)) for ruling in given["rulings"]
        ]
        decided = decide_objection(
            objection=objection,
            rulings=rulings,
            answer=given["answer"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        return Response(shapes.ObjectionReader(decided).data)
