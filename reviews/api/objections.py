"""Endpoints of objections: the lawyer's own, those on paper, and their decision."""

from collections.abc import Iterable
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, sent
from qa_service.files.views import guarded
from reviews import tasks
from reviews.api import serializers as shapes
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING
from reviews.models import CaseReview, Objection, ObjectionPaper
from reviews.queries.results import papers_seen_by
from reviews.queries.scans import paper_picture
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, key_in_objection, lodge_objection
from reviews.services.scans import Upload


def _papers(files: Iterable[Any]) -> list[Upload]:
    return [Upload(stream=cast("BinaryIO", each.file), size=each.size or 0, name=each.name or "") for each in files]


class ResultObjections(Endpoint):
    """The lawyer's objection to marks, within ten working days of being told of them."""

    permission_classes = (HasRole.of(Role.LAWYER),)
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(request=shapes.ObjectionWriter, responses={201: shapes.ObjectionReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        result = get_object_or_404(CaseReview.objects.visible_to(request.user), public_id=result_id)
        given = sent(request, shapes.ObjectionWriter)
        user = cast("User", request.user)
        papers = _papers(given.pop("papers"))
        objection = lodge_objection(result=result, **given, papers=papers, user=user, now=timezone.now())
        tasks.start_drawing_papers(objection=objection)
        return Response(shapes.ObjectionReader(objection).data, status=201)


class KeyedObjections(ManagerView):
    """Enter the objection on paper of a lawyer who was told on paper."""

    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(request=shapes.KeyedObjectionWriter, responses={201: shapes.ObjectionReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        found = get_object_or_404(CaseReview.objects.managed_by(request.user), public_id=result_id)
        given = sent(request, shapes.KeyedObjectionWriter)
        user = cast("User", request.user)
        papers = _papers(given.pop("papers"))
        objection = key_in_objection(result=found, **given, papers=papers, user=user, now=timezone.now())
        tasks.start_drawing_papers(objection=objection)
        return Response(shapes.ObjectionReader(objection).data, status=201)


class ObjectionList(ListAPIView[Objection]):
    """Objections: a lawyer's own, and those to files of a manager's centres."""

    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)
    serializer_class = shapes.ObjectionReader
    queryset = Objection.objects.none()

    def get_queryset(self) -> Any:
        seen = Objection.objects.visible_to(self.request.user)
        return seen.select_related("case").prefetch_related("items__item", "papers")


class PaperView(Endpoint):
    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)

    def seen(self, request: Request, objection_id: UUID, paper_id: UUID) -> ObjectionPaper:
        found: ObjectionPaper = get_object_or_404(
            papers_seen_by(cast("User", request.user)), objection__public_id=objection_id, public_id=paper_id
        )
        return found


class ObjectionPaperDoor(PaperView):
    """How far a paper attached to an objection is opened, for whoever sees the objection."""

    @extend_schema(responses=shapes.ObjectionPaperReader)
    def get(self, request: Request, objection_id: UUID, paper_id: UUID) -> Response:
        return Response(shapes.ObjectionPaperReader(self.seen(request, objection_id, paper_id)).data)


class ObjectionLeafDoor(PaperView):
    """One page of it, as a picture: what was uploaded is given to nobody."""

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, objection_id: UUID, paper_id: UUID, number: int) -> FileResponse:
        leaf = paper_picture(self.seen(request, objection_id, paper_id), number=number)
        if leaf is None or leaf.picture is None:
            raise Http404
        return guarded(leaf.picture, filename=f"{number}.jpg", inline=True)


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
