"""Endpoints of what managers leave out, replace and publish of samples; and the published statements, for anybody."""

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, Whole, sent
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING, NotReadable
from reviews.models import FrameExclusion, Sample
from reviews.queries.previews import files_shown
from reviews.queries.statements import (
    as_rows,
    cases_left_out_by,
    exclusions_standing,
    published_samples,
    statement_shown,
)
from reviews.services.sample_changes import leave_out, publish_statement, replace_file, take_in


class NotReadableWriter(Whole):
    """`kind` is published with the sample; `reason` is for those who manage the centre."""

    kind = serializers.ChoiceField(choices=NotReadable.choices)
    reason = serializers.CharField(max_length=200)


class LeaveOutWriter(NotReadableWriter):
    case = serializers.UUIDField()


class ExclusionReader(serializers.ModelSerializer[FrameExclusion]):
    case = serializers.CharField(source="case.number")

    class Meta:
        model = FrameExclusion
        fields = ("public_id", "case", "kind", "reason", "left_out_at", "taken_back_at")


class ReplacementReader(serializers.Serializer[Any]):
    """`replaced_by`: the number of the file that came; null where none was left, or it is not yours to see."""

    replaced_by = serializers.CharField(allow_null=True)


class SamplingStatementLine(serializers.ModelSerializer[Sample]):
    centre = serializers.CharField(source="centre.code")

    class Meta:
        model = Sample
        fields = ("public_id", "centre", "period_start", "period_end", "drawn_at", "published_at")


class SamplingStratum(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()
    random = serializers.IntegerField()


class SamplingCount(serializers.Serializer[Any]):
    name = serializers.CharField()
    files = serializers.IntegerField()


class SamplingStatementReader(serializers.Serializer[Any]):
    """Where `figures` is false nothing is told from which it could follow what a client said.

    `acted`: who left how many files out or had them replaced.
    """

    sample = serializers.UUIDField()
    centre = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    drawn_at = serializers.DateTimeField()
    rules = serializers.ListField(child=serializers.CharField())
    rate = serializers.DecimalField(max_digits=4, decimal_places=3)
    seed = serializers.CharField()
    city_wide = serializers.BooleanField()
    figures = serializers.BooleanField()
    frame = serializers.IntegerField(allow_null=True)
    drawn = serializers.IntegerField(allow_null=True)
    read_twice = serializers.IntegerField(allow_null=True)
    digest = serializers.CharField(allow_blank=True)
    strata = SamplingStratum(many=True)
    counts = SamplingCount(many=True)
    excluded = SamplingCount(many=True)
    replaced = SamplingCount(many=True)
    acted = SamplingCount(many=True)


class StatementList(ListAPIView[Sample]):
    """The published sampling statements, newest first."""

    permission_classes = (AllowAny,)
    serializer_class = SamplingStatementLine
    queryset = Sample.objects.none()

    def get_queryset(self) -> Any:
        return published_samples()


class StatementView(Endpoint):
    """One of them. It names no case."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=SamplingStatementReader)
    def get(self, _request: Request, sample_id: UUID) -> Response:
        found = statement_shown(get_object_or_404(published_samples(), public_id=sample_id))
        return Response(SamplingStatementReader(as_rows(found)).data)


class SamplePublication(ManagerView):
    """Publish the sampling statement; a second time changes nothing."""

    @extend_schema(request=None, responses=SamplingStatementLine)
    def post(self, request: Request, sample_id: UUID) -> Response:
        found = get_object_or_404(Sample.objects.visible_to(request.user).select_related("centre"), public_id=sample_id)
        publish_statement(sample=found, user=cast("User", request.user), now=timezone.now())
        return Response(SamplingStatementLine(Sample.objects.select_related("centre").get(pk=found.pk)).data)


class FileReplacement(ManagerView):
    """Take a file that cannot be read out of a sample; the next of its stratum comes for it."""

    @extend_schema(request=NotReadableWriter, responses={201: ReplacementReader})
    def post(self, request: Request, sample_id: UUID, case_id: UUID) -> Response:
        sample = get_object_or_404(Sample.objects.visible_to(request.user), public_id=sample_id)
        rows = files_shown(request.user, sample).select_related("case__centre")
        row = get_object_or_404(rows, case__public_id=case_id)
        user = cast("User", request.user)
        following = replace_file(row=row, **sent(request, NotReadableWriter), user=user, now=timezone.now())
        shown = files_shown(request.user, sample).filter(pk=following.pk).exists() if following else False
        body = {"replaced_by": following.case.number if following and shown else None}
        return Response(ReplacementReader(body).data, status=201)


class FrameExclusions(ListAPIView[FrameExclusion]):
    """Cases that are in no frame. POST leaves one out, saying why."""

    permission_classes = (HasRole.of(*MANAGING),)
    serializer_class = ExclusionReader
    queryset = FrameExclusion.objects.none()

    def get_queryset(self) -> Any:
        return exclusions_standing(cast("User", self.request.user))

    @extend_schema(request=LeaveOutWriter, responses={201: ExclusionReader})
    def post(self, request: Request) -> Response:
        given, user = sent(request, LeaveOutWriter), cast("User", request.user)
        case = get_object_or_404(cases_left_out_by(user), public_id=given.pop("case"))
        row = leave_out(case=case, **given, user=user, now=timezone.now())
        return Response(ExclusionReader(row).data, status=201)


class FrameExclusionView(ManagerView):
    """Take a case in again."""

    @extend_schema(request=None, responses=ExclusionReader)
    def delete(self, request: Request, exclusion_id: UUID) -> Response:
        user = cast("User", request.user)
        found = get_object_or_404(exclusions_standing(user), public_id=exclusion_id)
        return Response(ExclusionReader(take_in(exclusion=found, user=user, now=timezone.now())).data)
