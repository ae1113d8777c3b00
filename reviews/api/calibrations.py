"""Endpoints of calibration: rounds and what came of them for managers and the panel, one's own marks for a reviewer."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from reviews.api.own_marks import HandInWriter, OwnMarksConflict, OwnMarksReader, OwnMarksWriter, refused, shown
from reviews.enums import MANAGING, CalibrationState
from reviews.models import CalibrationRound, Trial
from reviews.queries.calibration import outcome_of, rounds_seen_by, trial_marks, trials_of
from reviews.queries.checklists import standard_of
from reviews.services.calibration import TrialChanged, save_trial, submit_trial
from reviews.services.marks import MarkEntry


class CalibrationReader(serializers.ModelSerializer[CalibrationRound]):
    """Where a round stands: forms `handed_in` of those `expected`."""

    centre = serializers.CharField(source="centre.code")
    checklist = serializers.CharField(source="checklist.code")
    expected = serializers.IntegerField()
    handed_in = serializers.IntegerField()

    class Meta:
        model = CalibrationRound
        fields = ("public_id", "name", "centre", "checklist", "due_on", "state", "expected", "handed_in")


class TrialReader(serializers.ModelSerializer[Trial]):
    round = serializers.CharField(source="file.round.name")
    case = serializers.CharField(source="file.case.number")
    due_on = serializers.DateField(source="file.round.due_on")

    class Meta:
        model = Trial
        fields = ("public_id", "round", "case", "due_on", "state", "version")


class AlignedReader(serializers.Serializer[Any]):
    """`score`: 0 to 100, with its 95 % interval; `leaning`: points a file above the panel; `same` of `items` marks."""

    reviewer = serializers.CharField()
    files = serializers.IntegerField()
    items = serializers.IntegerField()
    same = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    leaning = serializers.FloatField()


class AlignedItemReader(serializers.Serializer[Any]):
    code = serializers.CharField()
    marks = serializers.IntegerField()
    same = serializers.IntegerField()
    leaning = serializers.FloatField()


class OutcomeReader(serializers.Serializer[Any]):
    """`thin`: too few files or reviewers to say much."""

    public_id = serializers.UUIDField()
    files = serializers.IntegerField()
    thin = serializers.BooleanField()
    reviewers = AlignedReader(many=True)
    items = AlignedItemReader(many=True)


class CalibrationList(ListAPIView[CalibrationRound]):
    """Rounds of the manager's subtree, and those on whose panel one sits."""

    permission_classes = (HasRole.of(Role.REVIEWER, *MANAGING),)
    serializer_class = CalibrationReader
    queryset = CalibrationRound.objects.none()

    def get_queryset(self) -> Any:
        return rounds_seen_by(cast("User", self.request.user))


class Outcome(Endpoint):
    """Of a closed round, how near each reviewer came to the panel, and item by item; 404 until it is closed."""

    permission_classes = (HasRole.of(Role.REVIEWER, *MANAGING),)

    @extend_schema(responses=OutcomeReader)
    def get(self, request: Request, round_id: UUID) -> Response:
        rows = CalibrationRound.objects.visible_to(cast("User", request.user)).select_related("checklist")
        found = get_object_or_404(rows, public_id=round_id)
        if found.state != CalibrationState.CLOSED:
            raise Http404
        outcome = outcome_of(found)
        told = {
            "public_id": found.public_id,
            "files": outcome.aligned.files,
            "thin": outcome.aligned.thin,
            "reviewers": [
                {
                    "reviewer": line.person,
                    "files": line.aligned.files,
                    "items": line.aligned.same.whole,
                    "same": line.aligned.same.part,
                    "score": line.aligned.alignment.score,
                    "low": line.aligned.alignment.interval.low if line.aligned.alignment.interval else None,
                    "high": line.aligned.alignment.interval.high if line.aligned.alignment.interval else None,
                    "leaning": line.aligned.leaning,
                }
                for line in outcome.readers
            ],
            "items": [
                {
                    "code": line.aligned.code,
                    "marks": line.aligned.same.whole,
                    "same": line.aligned.same.part,
                    "leaning": line.aligned.leaning,
                }
                for line in outcome.items
            ],
        }
        return Response(OutcomeReader(told).data)


class TrialList(ListAPIView[Trial]):
    """One's own files for calibration, those to mark first."""

    permission_classes = (HasRole.of(Role.REVIEWER),)
    serializer_class = TrialReader
    queryset = Trial.objects.none()

    def get_queryset(self) -> Any:
        return trials_of(cast("User", self.request.user))


class OwnTrialView(Endpoint):
    permission_classes = (HasRole.of(Role.REVIEWER),)

    def held(self, request: Request, trial_id: UUID) -> Trial:
        rows = Trial.objects.held_by(request.user).select_related("file__round__checklist")
        found: Trial = get_object_or_404(rows, public_id=trial_id)
        return found

    def sent(self, shape: type[serializers.Serializer[Any]], request: Request, trial_id: UUID) -> dict[str, Any]:
        """What was sent. Whoever does not mark the file learns nothing from the faults of what they sent."""
        given = shape(data=request.data)
        if not given.is_valid():
            self.held(request, trial_id)
            raise ValidationError(given.errors)
        values: dict[str, Any] = given.validated_data
        return values


class TrialMarks(OwnTrialView):
    """One's own marks of a file, saved on top of the version seen; 409 with what is stored if another was first."""

    @extend_schema(responses=OwnMarksReader)
    def get(self, request: Request, trial_id: UUID) -> Response:
        return _shown(self.held(request, trial_id))

    @extend_schema(request=OwnMarksWriter, responses={200: OwnMarksReader, 409: OwnMarksConflict})
    def put(self, request: Request, trial_id: UUID) -> Response:
        values = self.sent(OwnMarksWriter, request, trial_id)
        entries = [MarkEntry(**mark) for mark in values.pop("marks")]
        user, now = cast("User", request.user), timezone.now()
        try:
            saved = save_trial(trial_id=trial_id, **values, entries=entries, user=user, now=now)
        except TrialChanged as conflict:
            return refused(conflict)
        return _shown(saved)


class TrialHandIn(OwnTrialView):
    """Hand in one's finished marks: they are locked for good."""

    @extend_schema(request=HandInWriter, responses=OwnMarksReader)
    def post(self, request: Request, trial_id: UUID) -> Response:
        values = self.sent(HandInWriter, request, trial_id)
        user, now = cast("User", request.user), timezone.now()
        return _shown(submit_trial(trial_id=trial_id, **values, user=user, now=now))


def _shown(row: Trial) -> Response:
    return shown(row, trial_marks(row, standard_of(row.file.round.checklist)))
