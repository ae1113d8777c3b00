"""Marks without pages as programs send and read them: an observer's of a hearing, a firm's of its own file."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from qa_service.common.api import PROBLEM_TYPE, Whole, domain_problem
from reviews.enums import Anchor
from reviews.models import Observation, SelfAssessment, Trial
from reviews.queries.scorecard import MARKED, Marks
from reviews.services.own_marks import ChangedElsewhere


class OwnMarkWriter(Whole):
    item = serializers.CharField(max_length=8)
    anchor = serializers.ChoiceField(choices=["", *Anchor.values], default="")
    reason_code = serializers.CharField(max_length=40, allow_blank=True, default="")
    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")


class OwnMarksWriter(Whole):
    version = serializers.IntegerField(min_value=0)
    marks = OwnMarkWriter(many=True)
    comment = serializers.CharField(max_length=2000, allow_blank=True, default="")


class HandInWriter(Whole):
    version = serializers.IntegerField(min_value=0)


class OwnMarkReader(serializers.Serializer[Any]):
    anchor = serializers.CharField(allow_blank=True)
    reason_code = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)


class OwnMarksReader(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    saved = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)
    marks = serializers.DictField(child=OwnMarkReader())


class OwnMarksConflict(serializers.Serializer[Any]):
    """Another device saved first: what is stored now."""

    type = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    version = serializers.IntegerField()
    comment = serializers.CharField(allow_blank=True)
    marks = serializers.DictField(child=OwnMarkReader())


def shown(row: Observation | SelfAssessment | Trial, marks: Marks) -> Response:
    saved = timezone.localtime(row.saved_at).strftime("%H:%M") if row.saved_at else ""
    told = {name: getattr(row, name) for name in ("public_id", "state", "version", "comment")}
    return Response(OwnMarksReader(told | {"saved": saved, "marks": _plain(marks)}).data)


def refused(conflict: ChangedElsewhere) -> Response:
    stored = {"version": conflict.version, "comment": conflict.comment, "marks": _plain(conflict.marks)}
    return Response(domain_problem(conflict) | stored, status=conflict.status, content_type=PROBLEM_TYPE)


def _plain(marks: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {code: {name: mark[name] for name in MARKED} for code, mark in marks.items()}
