"""Endpoints of managers for a reader who cannot go on: more time for one file, or all that they hold to others."""

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.common.api import DayField, Whole, sent
from reviews.api.managing import ManagerView
from reviews.api.serializers import AssignmentReader
from reviews.enums import NotPassed
from reviews.models import Assignment
from reviews.queries.reviewer_list import reviewers_managed_by
from reviews.services.handing_over import give_more_time, hand_over_files


class MoreTimeWriter(Whole):
    due_on = DayField()
    reason = serializers.CharField(max_length=200)


class PassOnWriter(Whole):
    """`assignments`: which of the open files, by public id; all where it is null."""

    assignments = serializers.ListField(child=serializers.UUIDField(), allow_null=True, default=None)
    reason = serializers.CharField(max_length=200)


class LeftReader(serializers.Serializer[Any]):
    """A file that stays with its reader, and why."""

    assignment = serializers.UUIDField()
    case = serializers.CharField()
    why = serializers.ChoiceField(choices=NotPassed.choices)


class HandedOverReader(serializers.Serializer[Any]):
    given = AssignmentReader(many=True)
    left = LeftReader(many=True)


class AssignmentMoreTime(ManagerView):
    """Give a reader a later day, and say why."""

    @extend_schema(request=MoreTimeWriter, responses=AssignmentReader)
    def post(self, request: Request, assignment_id: UUID) -> Response:
        managed = Assignment.objects.managed_by(request.user).select_related("case", "checklist", "review")
        row = get_object_or_404(managed, public_id=assignment_id)
        values, user = sent(request, MoreTimeWriter), cast("User", request.user)
        return Response(AssignmentReader(give_more_time(assignment=row, **values, user=user, now=timezone.now())).data)


class ReviewerHandOver(ManagerView):
    """Give the open files of one reviewer to the others, planned together; what nobody can take stays."""

    @extend_schema(request=PassOnWriter, responses=HandedOverReader)
    def post(self, request: Request, person_id: UUID) -> Response:
        user = cast("User", request.user)
        person = get_object_or_404(reviewers_managed_by(user), public_id=person_id)
        values = sent(request, PassOnWriter)
        done = hand_over_files(
            reader=person,
            only=values["assignments"],
            reason=values["reason"],
            user=user,
            now=timezone.now(),
        )
        left = [{"assignment": e.row.public_id, "case": e.row.case.number, "why": e.why_not} for e in done.left]
        return Response(HandedOverReader({"given": done.given, "left": left}).data)
