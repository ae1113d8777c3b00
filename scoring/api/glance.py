"""The figures behind the overview of quality, for programs."""

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
from qa_service.common.period_names import name_of
from scoring.enums import UnitKind
from scoring.figures.distribution import STEP, STEPS
from scoring.figures.funnel import Zone
from scoring.figures.run import Signal
from scoring.models.scores import STAFF_READERS
from scoring.queries.glance import FunnelOf, Glance, RunOf, glance_of
from scoring.views.glance import glance_form


class FunnelUnitRead(serializers.Serializer[Any]):
    """`zone` is null where there are too few units to draw limits; `few`: fewer than five cases say nothing."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    n = serializers.IntegerField()
    good = serializers.IntegerField()
    zone = serializers.ChoiceField(choices=[zone.value for zone in Zone], allow_null=True)


class ScoreFunnelRead(serializers.Serializer[Any]):
    """`target`: the share of good and excellent of all; above 1, `spread` widens the limits so many times."""

    kind = serializers.ChoiceField(choices=UnitKind.choices)
    target = serializers.FloatField()
    spread = serializers.FloatField()
    units = FunnelUnitRead(many=True)


class RunPointRead(serializers.Serializer[Any]):
    """`low` to `high`: what chance leaves of the share (99.8 %)."""

    period = serializers.CharField()
    n = serializers.IntegerField()
    good = serializers.IntegerField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class RunRead(serializers.Serializer[Any]):
    """By quarter of closing. `centre` is a code, empty for all together."""

    centre = serializers.CharField()
    mean = serializers.FloatField()
    signal = serializers.ChoiceField(choices=[signal.value for signal in Signal])
    points = RunPointRead(many=True)


class ScoreStepRead(serializers.Serializer[Any]):
    """How many scores lie from `low` up to `high`, by the names of the series."""

    low = serializers.IntegerField()
    high = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())


class ClosedInMonthRead(serializers.Serializer[Any]):
    month = serializers.DateField()
    n = serializers.IntegerField()


class GlanceTasksRead(serializers.Serializer[Any]):
    """Corrective tasks: open ones by what is left of their time (`soon`: five days), and those closed by month."""

    overdue = serializers.IntegerField()
    soon = serializers.IntegerField()
    later = serializers.IntegerField()
    closed = ClosedInMonthRead(many=True)


class SchemeChangeRead(serializers.Serializer[Any]):
    day = serializers.DateField()
    version = serializers.IntegerField()


class GlanceRead(serializers.Serializer[Any]):
    """`funnel` and `run` are null where nothing was graded. Shares are of graded cases, 0 to 1."""

    centre = serializers.CharField()
    period = serializers.CharField()
    graded = serializers.IntegerField()
    funnel = ScoreFunnelRead(allow_null=True)
    run = RunRead(allow_null=True)
    centres = RunRead(many=True)
    scores = ScoreStepRead(many=True)
    tasks = GlanceTasksRead()
    scheme_changes = SchemeChangeRead(many=True)


class GlanceView(Endpoint):
    """The same figures as on the page, of the same cases."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(
        parameters=[
            OpenApiParameter("centre", OpenApiTypes.STR, description="Code of one centre; all within reach by default"),
            OpenApiParameter("period", OpenApiTypes.STR, description="2026 or 2026-Q3; this year by default"),
            OpenApiParameter("case_type", OpenApiTypes.STR, description="One type of case"),
        ],
        responses={200: GlanceRead},
    )
    def get(self, request: Request) -> Response:
        form = glance_form(request)
        found = glance_of(cast("User", request.user), form.cases, now=timezone.now())
        centre = form.cleaned_data["centre"]
        chosen = {"centre": centre.code if centre else "", "period": form.cleaned_data["period"]}
        return Response(GlanceRead(chosen | _told(found)).data)


def _told(found: Glance) -> dict[str, Any]:
    tasks = found.tasks
    return {
        "graded": found.scores.n,
        "funnel": _funnel(found.whose),
        "run": found.whole and _run(found.whole),
        "centres": [_run(each) for each in found.centres],
        "scores": [
            {"low": low, "high": low + STEP, "counts": {each.name: each.counts[place] for each in found.scores.series}}
            for place, low in enumerate(STEPS)
        ],
        "tasks": {
            "overdue": tasks.overdue,
            "soon": tasks.soon,
            "later": tasks.later,
            "closed": [{"month": month, "n": n} for month, n in tasks.closed],
        },
        "scheme_changes": [{"day": day, "version": version} for day, version in found.changes],
    }


def _funnel(whose: FunnelOf) -> dict[str, Any] | None:
    found = whose.funnel
    if found is None:
        return None
    units = [
        {
            "id": whose.ids[each.counted.unit],
            "name": whose.names[each.counted.unit],
            "n": each.counted.n,
            "good": each.counted.good,
            "zone": each.zone if found.drawn or each.zone is Zone.FEW else None,
        }
        for each in found.placed
    ]
    return {"kind": whose.kind, "target": found.target, "spread": found.spread, "units": units}


def _run(one: RunOf) -> dict[str, Any]:
    points = [
        {"period": name_of(each.period), "n": each.n, "good": each.good, "low": each.low, "high": each.high}
        for each in one.run.points
    ]
    return {"centre": one.code, "mean": one.run.mean, "signal": one.run.signal, "points": points}
