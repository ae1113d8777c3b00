"""What of a centre was looked at by the four legal means, and the appraisal table of its lawyers, for programs."""

from decimal import ROUND_HALF_UP
from functools import partial
from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from scoring.forms.coverage import CoverageForm
from scoring.models.scores import STAFF_READERS
from scoring.queries.coverage import BY_LAWYER, BY_STATION, BY_TYPE, appraisal_of, coverage_of
from scoring.views.coverage import coverage_form

ONE_CENTRE = [
    OpenApiParameter("centre", OpenApiTypes.STR, description="Code of the centre; one's first by default"),
    OpenApiParameter("period", OpenApiTypes.STR, description="2026 or 2026-Q3 of closing; this year by default"),
    OpenApiParameter("case_type", OpenApiTypes.STR, description="One type of case"),
]
BY = OpenApiParameter(
    "by", OpenApiTypes.STR, enum=[BY_LAWYER, BY_TYPE, BY_STATION], description="Whose; lawyers by default"
)
Figure = partial(
    serializers.DecimalField, max_digits=5, decimal_places=1, allow_null=True, rounding=ROUND_HALF_UP, read_only=True
)


class CoverageLineRead(serializers.Serializer[Any]):
    """Counts of closed cases. `unit` is a name, empty for the cases of no station."""

    unit = serializers.CharField()
    cases = serializers.IntegerField()
    followed_up = serializers.IntegerField()
    inspected = serializers.IntegerField()
    organ_heard = serializers.IntegerField()
    observed = serializers.IntegerField()
    any_means = serializers.IntegerField()


class CoverageRead(serializers.Serializer[Any]):
    centre = serializers.CharField()
    period = serializers.CharField()
    by = serializers.CharField()
    lines = CoverageLineRead(many=True)


class AppraisalLineRead(serializers.Serializer[Any]):
    """Of 100, null where nothing of it was found; `satisfaction` where five and more answered."""

    lawyer = serializers.CharField(source="name")
    closed = serializers.IntegerField()
    read = serializers.IntegerField()
    communication = Figure(source="criteria.A")
    evidence = Figure(source="criteria.B")
    opinion = Figure(source="criteria.C")
    adoption = Figure(source="criteria.E")
    archive = Figure(source="criteria.F")
    self_assessment = Figure(source="accuracy")
    satisfaction = Figure()
    answers = serializers.IntegerField()


class AppraisalRead(serializers.Serializer[Any]):
    centre = serializers.CharField()
    period = serializers.CharField()
    lawyers = AppraisalLineRead(many=True)


class CoverageView(Endpoint):
    """The coverage ledger: which of the four means each unit's closed cases received."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(parameters=[*ONE_CENTRE, BY], responses={200: CoverageRead})
    def get(self, request: Request) -> Response:
        form = coverage_form(request)
        by = form.cleaned_data["by"]
        lines = coverage_of(cast("User", request.user), form.cases, by=by)
        return Response(CoverageRead(_chosen(form) | {"by": by, "lines": lines}).data)


class AppraisalView(Endpoint):
    """The appraisal table: by lawyer what was found in the files, in no order of merit."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(parameters=ONE_CENTRE, responses={200: AppraisalRead})
    def get(self, request: Request) -> Response:
        form = coverage_form(request)
        lawyers = appraisal_of(cast("User", request.user), form.cases)
        return Response(AppraisalRead(_chosen(form) | {"lawyers": lawyers}).data)


def _chosen(form: CoverageForm) -> dict[str, Any]:
    centre = form.cleaned_data["centre"]
    return {"centre": centre.code if centre else "", "period": form.cleaned_data["period"]}
