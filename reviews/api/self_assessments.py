"""Endpoints of firms' self-assessments: the firm's own marks, and the gap once there is a result."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import DayField, Endpoint, Whole, sent
from reviews.api.holding import HolderView
from reviews.api.managing import ManagerView
from reviews.api.own_marks import (
    HandInWriter,
    OwnMarksConflict,
    OwnMarksReader,
    OwnMarksWriter,
    OwnMarkWriter,
    refused,
    shown,
)
from reviews.enums import MANAGING, SelfAssessmentState
from reviews.models import SelfAssessment
from reviews.queries.checklists import standard_of
from reviews.queries.self_assessments import gaps_of, result_beside, self_assessments_seen_by, self_marks
from reviews.services.marks import MarkEntry
from reviews.services.self_assessments import (
    SelfAssessmentChanged,
    key_in_self_assessment,
    save_self_assessment,
    submit_self_assessment,
)


class SelfAssessmentReader(serializers.ModelSerializer[SelfAssessment]):
    """Where it stands. What was marked is not part of it: managers read it beside the result, and not before.

    `received_on`: the day on which it came on paper, null where the firm marked it itself.
    """

    case = serializers.CharField(source="case.number")
    checklist = serializers.CharField(source="checklist.code")

    class Meta:
        model = SelfAssessment
        fields = ("public_id", "case", "checklist", "state", "due_on", "version", "received_on")


class KeyedMarksWriter(Whole):
    """What stands on the firm's paper, whole."""

    received_on = DayField()
    marks = OwnMarkWriter(many=True)
    comment = serializers.CharField(max_length=2000, allow_blank=True, default="")


class GapReader(serializers.Serializer[Any]):
    """One item of the result's list, in its points; `own` or `found` is null where the item did not apply.

    `asked`: the firm's list has the item. `points`: how much better the firm saw it; null where nothing is to compare.
    """

    code = serializers.CharField()
    asked = serializers.BooleanField()
    own = serializers.DecimalField(max_digits=15, decimal_places=10, allow_null=True)
    found = serializers.DecimalField(max_digits=15, decimal_places=10, allow_null=True)
    points = serializers.DecimalField(max_digits=15, decimal_places=10, allow_null=True)
    differs = serializers.BooleanField()


class SelfAssessmentGapReader(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    total = serializers.DecimalField(max_digits=13, decimal_places=10)
    result = serializers.UUIDField()
    score = serializers.DecimalField(max_digits=13, decimal_places=10)
    items = GapReader(many=True)


class SelfAssessmentList(ListAPIView[SelfAssessment]):
    """Of the lawyer's own files, of the firm's for its head, and of their subtree for managers."""

    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *MANAGING),)
    serializer_class = SelfAssessmentReader
    queryset = SelfAssessment.objects.none()

    def get_queryset(self) -> Any:
        return self_assessments_seen_by(cast("User", self.request.user))


class OwnAssessmentView(HolderView[SelfAssessment]):
    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM),)

    def held(self, request: Request, public_id: UUID) -> SelfAssessment:
        return _found(SelfAssessment.objects.marked_by(request.user), public_id)


class SelfAssessmentMarks(OwnAssessmentView):
    """One's own marks of a file, saved on top of the version seen; 409 with what is stored if another was first."""

    @extend_schema(responses=OwnMarksReader)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        return _shown(self.held(request, assessment_id))

    @extend_schema(request=OwnMarksWriter, responses={200: OwnMarksReader, 409: OwnMarksConflict})
    def put(self, request: Request, assessment_id: UUID) -> Response:
        values = self.sent(OwnMarksWriter, request, assessment_id)
        entries = [MarkEntry(**mark) for mark in values.pop("marks")]
        user, now = cast("User", request.user), timezone.now()
        try:
            saved = save_self_assessment(assessment_id=assessment_id, **values, entries=entries, user=user, now=now)
        except SelfAssessmentChanged as conflict:
            return refused(conflict)
        return _shown(saved)


class SelfAssessmentHandIn(OwnAssessmentView):
    """Hand in one's finished marks: they are locked for good."""

    @extend_schema(request=HandInWriter, responses=OwnMarksReader)
    def post(self, request: Request, assessment_id: UUID) -> Response:
        values = self.sent(HandInWriter, request, assessment_id)
        user, now = cast("User", request.user), timezone.now()
        return _shown(submit_self_assessment(assessment_id=assessment_id, **values, user=user, now=now))


class SelfAssessmentOnPaper(ManagerView):
    """Enter what a lawyer without an account handed in on paper: locked at once."""

    @extend_schema(request=KeyedMarksWriter, responses=SelfAssessmentReader)
    def post(self, request: Request, assessment_id: UUID) -> Response:
        row = _found(SelfAssessment.objects.managed_by(request.user), assessment_id)
        values = sent(request, KeyedMarksWriter)
        entries = [MarkEntry(**mark) for mark in values.pop("marks")]
        user, now = cast("User", request.user), timezone.now()
        done = key_in_self_assessment(assessment=row, entries=entries, **values, user=user, now=now)
        return Response(SelfAssessmentReader(done).data)


class SelfAssessmentGap(Endpoint):
    """How far what was handed in lies from the released result, item by item; 404 until there is both."""

    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *MANAGING),)

    @extend_schema(responses=SelfAssessmentGapReader)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        user = cast("User", request.user)
        handed_in = SelfAssessment.objects.visible_to(user).filter(state=SelfAssessmentState.SUBMITTED)
        row = _found(handed_in, assessment_id)
        result = result_beside(row, user)
        if result is None:
            raise Http404
        told = {"public_id": row.public_id, "total": row.total, "result": result.public_id, "score": result.score}
        return Response(SelfAssessmentGapReader(told | {"items": gaps_of(row, result)}).data)


def _found(rows: QuerySet[SelfAssessment], assessment_id: UUID) -> SelfAssessment:
    found: SelfAssessment = get_object_or_404(rows.select_related("checklist"), public_id=assessment_id)
    return found


def _shown(row: SelfAssessment) -> Response:
    return shown(row, self_marks(row, standard_of(row.checklist)))
