"""How a centre keeps its own time limits, for programs."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from scoring.enums import YearClock
from scoring.models.scores import STAFF_READERS
from scoring.views.clocks import kept_by, one_centre


class ClockRead(serializers.Serializer[Any]):
    """Counts of cases; `due`: ended, or overdue and not done. `days`: the median of those ended, null without one."""

    clock = serializers.ChoiceField(choices=YearClock.choices)
    due = serializers.IntegerField(source="line.in_time.whole")
    in_time = serializers.IntegerField(source="line.in_time.part")
    late = serializers.IntegerField(source="line.late")
    overdue = serializers.IntegerField(source="line.overdue")
    running = serializers.IntegerField(source="line.running")
    untold = serializers.IntegerField(source="line.untold")
    days = serializers.DecimalField(max_digits=7, decimal_places=1, allow_null=True, source="line.days")


class ClocksRead(serializers.Serializer[Any]):
    centre = serializers.CharField()
    period = serializers.CharField()
    clocks = ClockRead(many=True)


class ClocksView(Endpoint):
    """Time limits that one centre keeps, and the one of its lawyers."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(
        parameters=[
            OpenApiParameter("centre", OpenApiTypes.STR, description="Code of the centre; one's first by default"),
            OpenApiParameter(
                "period", OpenApiTypes.STR, description="2026 or 2026-Q3 of closing; this year by default"
            ),
            OpenApiParameter("case_type", OpenApiTypes.STR, description="One type of case"),
        ],
        responses={200: ClocksRead},
    )
    def get(self, request: Request) -> Response:
        form = one_centre(request)
        found = {
            "centre": form.cleaned_data["centre"].code,
            "period": form.cleaned_data["period"],
            "clocks": kept_by(cast("User", request.user), form, timezone.now()),
        }
        return Response(ClocksRead(found).data)
