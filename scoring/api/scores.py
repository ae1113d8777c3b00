"""Scores and standings for programs: the same figures as on the pages, to the same readers."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.common.api import DayField, Endpoint
from qa_service.common.filters import AnyOf
from qa_service.common.paging import refuse_unknown
from qa_service.common.period_names import name_of, period_named
from qa_service.common.periods import Period
from scoring.enums import Grade, UnitKind
from scoring.models import CaseScore
from scoring.models.scores import STAFF_READERS
from scoring.queries.adjusted import adjusted_for_readers
from scoring.queries.scores import ScoreShown, case_score_for, scores_seen_by
from scoring.queries.standings import centres_overseen, day_of, standings

READERS = (Role.LAWYER, Role.FIRM, *STAFF_READERS)
ASKED_OF_STANDINGS = frozenset(
    {"kind", "period", "since", "until", "centre", "case_type", str(api_settings.URL_FORMAT_OVERRIDE)}
)
A_DAY = timedelta(days=1)


class ScoreFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    number = django_filters.CharFilter(field_name="case__number", lookup_expr="icontains", label=_("Case number"))
    grade = AnyOf(choices=Grade.choices, label=_("Grade"))
    case_type = django_filters.ChoiceFilter(choices=CaseType.choices, label=_("Case type"))
    licence_number = django_filters.CharFilter(field_name="lawyer__licence_number", label=_("Licence number"))
    centre = django_filters.CharFilter(field_name="centre__code", label=_("Code of the centre"))
    closed_from = django_filters.DateFilter(field_name="closed_on", lookup_expr="gte", label=_("Closed from"))
    closed_to = django_filters.DateFilter(field_name="closed_on", lookup_expr="lte", label=_("Closed to"))

    class Meta:
        model = CaseScore
        fields: tuple[str, ...] = ()


class ScoreRead(serializers.ModelSerializer[CaseScore]):
    """A score in force. `score` and `coverage` are 0 to 100, cut after 8 decimals; no score without a grade."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    number = serializers.CharField(source="case.number", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    lawyer = serializers.CharField(source="lawyer.name", read_only=True)
    licence_number = serializers.CharField(source="lawyer.licence_number", read_only=True)
    firm = serializers.CharField(source="firm.name", read_only=True)
    scheme = serializers.IntegerField(source="scheme.version", read_only=True)

    class Meta:
        model = CaseScore
        fields = (
            "id", "case", "number", "centre", "lawyer", "licence_number", "firm", "case_type", "closed_on", "grade",
            "score", "provisional", "coverage", "scheme", "review_version", "released_on", "computed_at",
        )  # fmt: skip
        read_only_fields = fields


class ScoreLineRead(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's own fields have a `source`; forms do not
    applies = serializers.BooleanField()
    value = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    weight = serializers.DecimalField(max_digits=5, decimal_places=2)
    contribution = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    note = serializers.CharField()


class CaseScoreRead(serializers.Serializer[ScoreShown]):
    """A score with its derivation. `voice` is null for everyone but those who oversee the case."""

    score = ScoreRead()
    lines = ScoreLineRead(many=True)
    reasons = serializers.ListField(child=serializers.CharField())
    voice = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)


class UnitStandingRead(serializers.Serializer[Any]):
    """Figures 0 to 100, unrounded. `low` and `high` bound the 90 % interval of `shrunk`.

    A rank stands only where it is certain. Ranks follow `shrunk` − `prior`; the prior is what the same mix of case
    types comes to.
    """

    name = serializers.CharField()
    n = serializers.IntegerField()
    raw = serializers.DecimalField(max_digits=12, decimal_places=8)
    prior = serializers.DecimalField(max_digits=12, decimal_places=8)
    shrunk = serializers.DecimalField(max_digits=12, decimal_places=8)
    low = serializers.DecimalField(max_digits=12, decimal_places=8, allow_null=True)
    high = serializers.DecimalField(max_digits=12, decimal_places=8, allow_null=True)
    answered = serializers.IntegerField()
    voice_counted = serializers.BooleanField()
    rank = serializers.IntegerField(allow_null=True)


class StandingRead(UnitStandingRead):
    """Figures 0 to 100, unrounded. `low` and `high` bound the 90 % interval of `shrunk`.

    `adjusted` is `raw` were all readers of the files equally strict, null where there is too little to say so; nothing
    else follows it. A rank stands only where it is certain. Ranks follow `shrunk` − `prior`; the prior is what the same
    mix of case types comes to.
    """

    adjusted = serializers.DecimalField(max_digits=12, decimal_places=8, allow_null=True)


class StandingsRead(serializers.Serializer[Any]):
    """`k` is null where the units do not differ by more than chance."""

    kind = serializers.ChoiceField(choices=UnitKind.choices)
    period = serializers.CharField()
    k = serializers.DecimalField(max_digits=12, decimal_places=8, allow_null=True)
    estimated = serializers.BooleanField()
    standings = StandingRead(many=True)


class ScoreListView(ListAPIView[CaseScore]):
    """Scores in force within the reader's scope, page by page."""

    permission_classes = (HasRole.of(*READERS),)
    serializer_class = ScoreRead
    filterset_class = ScoreFilter
    queryset = CaseScore.objects.none()

    def get_queryset(self) -> QuerySet[CaseScore]:
        return scores_seen_by(cast("User", self.request.user))


class CaseScoreView(Endpoint):
    """The score of one case, by the case's id, with its derivation."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(responses={200: CaseScoreRead})
    def get(self, request: Request, case_id: UUID) -> Response:
        user = cast("User", request.user)
        case = get_object_or_404(Case.objects.visible_to(user), public_id=case_id)
        found = case_score_for(user=user, case=case)
        if found is None:
            raise Http404
        return Response(CaseScoreRead(found).data)


def _of(parameter: str, given: str, values: Collection[str]) -> str:
    if given not in values:
        text = _("Give one of: %(values)s.") % {"values": ", ".join(values)}
        raise serializers.ValidationError({parameter: [text]})
    return given


class DaysAsked(serializers.Serializer[Any]):
    """Any days, as on the page: the day that is not given is the first or the last of this year."""

    since = DayField(required=False)
    until = DayField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("since", date.min) > given.get("until", date.max):
            raise serializers.ValidationError({"until": [_("The last day lies before the first.")]})
        return given


def _period_of(query: Mapping[str, str], *, this_year: int) -> Period:
    """:raises ValidationError: no days, or days beside a period; :raises PeriodUnknown: for a period that is none."""
    named = query.get("period")
    asked = DaysAsked(data={name: query[name] for name in ("since", "until") if query.get(name)})
    asked.is_valid(raise_exception=True)
    days = asked.validated_data
    if named and days:
        raise serializers.ValidationError(
            {"period": [_("Choose a period, or give the first and the last day: not both.")]}
        )
    if not days:
        return period_named(named or str(this_year))
    year = Period.year(this_year)
    first = days.get("since") or min(year.start, days["until"])
    last = days.get("until") or max(year.end - A_DAY, first)
    return Period(first, last + A_DAY)


class StandingsView(Endpoint):
    """Standings of a period within what the reader oversees."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, enum=UnitKind.values, description="Whose; lawyers by default"),
            OpenApiParameter(
                "period", OpenApiTypes.STR, description="2026, 2026-Q3 or 2026-01-15/2026-03-01; this year by default"
            ),
            OpenApiParameter("since", OpenApiTypes.DATE, description="In place of a period: the first day of closing"),
            OpenApiParameter("until", OpenApiTypes.DATE, description="In place of a period: the last, counted in"),
            OpenApiParameter("centre", OpenApiTypes.STR, description="Code of one centre"),
            OpenApiParameter("case_type", OpenApiTypes.STR, enum=CaseType.values, description="All by default"),
        ],
        responses={200: StandingsRead},
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ASKED_OF_STANDINGS)
        user = cast("User", request.user)
        kind = _of("kind", request.query_params.get("kind") or UnitKind.LAWYER.value, UnitKind.values)
        named_type = request.query_params.get("case_type")
        case_type = _of("case_type", named_type, CaseType.values) if named_type else ""
        code, overseen = request.query_params.get("centre"), centres_overseen(user)
        centre = get_object_or_404(overseen, code=code) if code else None
        this_year = day_of(centre, among=overseen[:1], now=timezone.now()).year
        period = _period_of(request.query_params, this_year=this_year)
        chosen: dict[str, Any] = {
            "kind": UnitKind(kind),
            "period": period,
            "user": user,
            "centre": centre,
            "case_type": case_type,
        }
        found = standings(**chosen)
        adjusted = adjusted_for_readers(found, **chosen).by_unit
        rows = [
            asdict(row)
            | {"name": found.names[row.unit], "adjusted": (adjusted or {}).get(row.unit)}
            | {"voice_counted": row.voice is not None, "rank": row.rank}
            for row in found.table.rows
        ]
        pool = found.table.cases
        body = {"kind": kind, "period": name_of(period), "k": pool.k, "estimated": pool.estimated, "standings": rows}
        return Response(StandingsRead(body).data)
