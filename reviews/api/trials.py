"""Endpoints of a reviewer's own marks for calibration."""

from typing import Any, cast
from uuid import UUID

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
from reviews.api.holding import HolderView
from reviews.api.own_marks import HandInWriter, OwnMarksConflict, OwnMarksReader, OwnMarksWriter, refused, shown
from reviews.models import Trial
from reviews.queries.calibration import trial_marks, trials_of
from reviews.queries.checklists import standard_of
from reviews.services.calibration import TrialChanged, save_trial, submit_trial
from reviews.services.marks import MarkEntry


class TrialReader(serializers.ModelSerializer[Trial]):
    round = serializers.CharField(source="file.round.name")
    case = serializers.CharField(source="file.case.number")
    due_on = serializers.DateField(source="file.round.due_on")

    class Meta:
        model = Trial
        fields = ("public_id", "round", "case", "due_on", "state", "version")


class TrialList(ListAPIView[Trial]):
    """One's own files for calibration, those to mark first."""

    permission_classes = (HasRole.of(Role.REVIEWER),)
    serializer_class = TrialReader
    queryset = Trial.objects.none()

    def get_queryset(self) -> Any:
        return trials_of(cast("User", self.request.user))


class OwnTrialView(HolderView[Trial]):
    permission_classes = (HasRole.of(Role.REVIEWER),)

    def held(self, request: Request, public_id: UUID) -> Trial:
        rows = Trial.objects.held_by(request.user).select_related("file__round__checklist")
        found: Trial = get_object_or_404(rows, public_id=public_id)
        return found


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
