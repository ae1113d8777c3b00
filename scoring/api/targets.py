"""Targets of a centre's year, for programs."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.enums import CaseType, ClientGroup
from qa_service.common.api import Endpoint, Whole, sent
from qa_service.organisations.queries import latest_day, today_at
from scoring.enums import TargetMeasure
from scoring.forms.targets import LEAST, MOST, YearForm
from scoring.models.scores import STAFF_READERS
from scoring.queries.targets import targets_managed, year_of
from scoring.services.targets import Wanted, drop_target, set_target


class TargetRead(serializers.Serializer[Any]):
    """`wanted` is null where the year before had nothing to grow from; `due`: what an even year would have reached."""

    id = serializers.UUIDField(source="target.public_id")
    measure = serializers.ChoiceField(choices=TargetMeasure.choices, source="target.measure")
    case_type = serializers.CharField(source="target.case_type")
    group = serializers.CharField(source="target.group")
    growth = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True, source="target.growth")
    last = serializers.DecimalField(max_digits=16, decimal_places=2)
    wanted = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True, source="progress.wanted")
    so_far = serializers.DecimalField(max_digits=16, decimal_places=2, source="progress.so_far")
    reached = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True, source="progress.reached")
    due = serializers.DecimalField(max_digits=4, decimal_places=1, source="progress.due")


class TargetsRead(serializers.Serializer[Any]):
    centre = serializers.CharField()
    year = serializers.IntegerField()
    targets = TargetRead(many=True)


class TargetWrite(Whole):
    """Either `growth` in percent or `amount`; of all cases, or of one `case_type` or `group`."""

    measure = serializers.ChoiceField(choices=TargetMeasure.choices)
    case_type = serializers.ChoiceField(choices=CaseType.choices, allow_blank=True, default="")
    group = serializers.ChoiceField(choices=ClientGroup.choices, allow_blank=True, default="")
    growth = serializers.DecimalField(
        max_digits=5, decimal_places=1, allow_null=True, default=None, min_value=LEAST, max_value=MOST
    )
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, default=None, min_value=0)


CHOICE = [
    OpenApiParameter("centre", OpenApiTypes.STR, description="Code of the centre; one's first by default"),
    OpenApiParameter("year", OpenApiTypes.INT, description="This year by default"),
]


class TargetsView(Endpoint):
    """The targets of one centre and year, and how far it has come."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(parameters=CHOICE, responses={200: TargetsRead})
    def get(self, request: Request) -> Response:
        return Response(_found(request).data)

    @extend_schema(parameters=CHOICE, request=TargetWrite, responses={200: TargetsRead})
    def put(self, request: Request) -> Response:
        """Set one, or set it anew."""
        chosen, given = _chosen(request), sent(request, TargetWrite)
        wanted = Wanted(**(given | {"measure": TargetMeasure(given["measure"])}))
        centre, year = chosen.cleaned_data["centre"], chosen.cleaned_data["year"]
        set_target(centre=centre, year=year, wanted=wanted, user=_person(request), now=timezone.now())
        return Response(_found(request).data)


class TargetView(Endpoint):
    """Take a target back."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        target = get_object_or_404(targets_managed(_person(request)), public_id=public_id)
        drop_target(target=target, user=_person(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _person(request: Request) -> User:
    return cast("User", request.user)


def _chosen(request: Request) -> YearForm:
    chosen = YearForm(request.query_params, user=_person(request), today=latest_day(timezone.now()))
    if not chosen.is_valid():
        raise Http404
    return chosen


def _found(request: Request) -> TargetsRead:
    given = _chosen(request).cleaned_data
    centre, year = given["centre"], given["year"]
    found = year_of(_person(request), centre, year, today=today_at(centre, timezone.now()))
    return TargetsRead({"centre": centre.code, "year": year, "targets": found.targets})
