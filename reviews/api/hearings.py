"""Endpoints of hearings: an observer's own, and for who manages them which are observed."""

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
from reviews.enums import MANAGING
from reviews.models import Hearing, Observation
from reviews.queries.checklists import standard_of
from reviews.queries.hearings import hearings_managed_by, observations_of, observed_marks
from reviews.services.hearings import ObservationChanged, save_observation, submit_observation
from reviews.services.marks import MarkEntry


class ObservationReader(serializers.ModelSerializer[Observation]):
    """A hearing one is to observe. Why it is observed is not part of it."""

    case = serializers.CharField(source="hearing.case.number")
    held_on = serializers.DateField(source="hearing.held_on")
    place = serializers.CharField()
    checklist = serializers.CharField(source="hearing.checklist.code")

    class Meta:
        model = Observation
        fields = ("public_id", "case", "held_on", "place", "checklist", "state", "version")


class ObservedHearingReader(serializers.ModelSerializer[Hearing]):
    """A hearing that is observed, with how many observe it and how many of them have handed in."""

    case = serializers.CharField(source="case.number")
    place = serializers.CharField()
    observers = serializers.IntegerField(source="named")
    handed_in = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=13, decimal_places=10, allow_null=True)

    class Meta:
        model = Hearing
        fields = ("public_id", "case", "held_on", "place", "rules", "state", "observers", "handed_in", "total")


class ObservationList(ListAPIView[Observation]):
    """The signed-in observer's hearings."""

    permission_classes = (HasRole.of(Role.OBSERVER),)
    serializer_class = ObservationReader
    queryset = Observation.objects.none()

    def get_queryset(self) -> Any:
        return observations_of(cast("User", self.request.user))


class HearingList(ListAPIView[Hearing]):
    """Hearings that are observed or were, for managers."""

    permission_classes = (HasRole.of(*MANAGING),)
    serializer_class = ObservedHearingReader
    queryset = Hearing.objects.none()

    def get_queryset(self) -> Any:
        return hearings_managed_by(cast("User", self.request.user))


class ObserverView(HolderView[Observation]):
    permission_classes = (HasRole.of(Role.OBSERVER),)

    def held(self, request: Request, public_id: UUID) -> Observation:
        mine = Observation.objects.held_by(request.user).select_related("hearing__checklist")
        found: Observation = get_object_or_404(mine, public_id=public_id)
        return found


class ObservationMarks(ObserverView):
    """One's own marks of a hearing, saved on top of the version seen; 409 with what is stored if another was first."""

    @extend_schema(responses=OwnMarksReader)
    def get(self, request: Request, observation_id: UUID) -> Response:
        return _shown(self.held(request, observation_id))

    @extend_schema(request=OwnMarksWriter, responses={200: OwnMarksReader, 409: OwnMarksConflict})
    def put(self, request: Request, observation_id: UUID) -> Response:
        values = self.sent(OwnMarksWriter, request, observation_id)
        try:
            saved = save_observation(
                observation_id=observation_id,
                version=values["version"],
                entries=[MarkEntry(**mark) for mark in values["marks"]],
                comment=values["comment"],
                user=cast("User", request.user),
                now=timezone.now(),
            )
        except ObservationChanged as conflict:
            return refused(conflict)
        return _shown(saved)


class ObservationHandIn(ObserverView):
    """Hand in one's finished marks: they are locked for good."""

    @extend_schema(request=HandInWriter, responses=OwnMarksReader)
    def post(self, request: Request, observation_id: UUID) -> Response:
        values = self.sent(HandInWriter, request, observation_id)
        user = cast("User", request.user)
        return _shown(submit_observation(observation_id=observation_id, **values, user=user, now=timezone.now()))


def _shown(row: Observation) -> Response:
    return shown(row, observed_marks(row, standard_of(row.hearing.checklist)))
