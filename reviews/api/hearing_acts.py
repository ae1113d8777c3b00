"""Endpoints of who manages hearings: planning which are observed, by whom, and the record of each."""

from typing import cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.accounts.queries import organisations_reached, own_work
from qa_service.cases.models import Case
from qa_service.common.api import DayField, Whole, sent
from qa_service.common.errors import InvalidInput
from qa_service.organisations.enums import OrganisationKind
from reviews.api.hearings import ObservationReader, ObservedHearingReader
from reviews.api.holding import HolderView
from reviews.api.managing import ManagerView
from reviews.api.own_marks import OwnMarkWriter
from reviews.enums import MANAGING
from reviews.hearings import LEAST_RATE
from reviews.models import Hearing, HearingPlan
from reviews.queries.hearings import hearings_managed_by, observations_of, observers_of
from reviews.services.hearings import cancel_hearing, move_hearing, name_observer, plan_hearings, record_hearing
from reviews.services.marks import MarkEntry


class PlanWriter(Whole):
    """`rate`: the share drawn at random; `named`: numbers of cases whose hearing is observed beside."""

    centre = serializers.CharField(max_length=32)
    until = DayField()
    rate = serializers.DecimalField(max_digits=4, decimal_places=3, min_value=0, max_value=1, default=LEAST_RATE)
    seed = serializers.CharField(max_length=64)
    named = serializers.ListField(child=serializers.CharField(max_length=64), default=list)


class HearingPlanReader(serializers.ModelSerializer[HearingPlan]):
    """`counts`: how many of the planned hearings each rule accounts for."""

    class Meta:
        model = HearingPlan
        fields = ("public_id", "first_day", "last_day", "seed", "rate", "frame_size", "digest", "counts")


class ObserverWriter(Whole):
    observer = serializers.UUIDField()


class NotObservedWriter(Whole):
    reason = serializers.CharField(max_length=200)


class MoveWriter(Whole):
    """`place`: the court room or address, where it is known."""

    held_on = DayField()
    place = serializers.CharField(max_length=100, allow_blank=True, default="")
    reason = serializers.CharField(max_length=200)


class RecordWriter(Whole):
    """The merged marks, and what came of the discussion."""

    marks = OwnMarkWriter(many=True)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class HearingPlans(ManagerView):
    """Plan which hearings to come are observed, and name observers. The same seed again returns the plan it made."""

    @extend_schema(request=PlanWriter, responses={201: HearingPlanReader})
    def post(self, request: Request) -> Response:
        values, user = sent(request, PlanWriter), cast("User", request.user)
        centres = organisations_reached(user, *MANAGING).filter(kind=OrganisationKind.CENTRE)
        centre = get_object_or_404(centres, code=values["centre"])
        # Never their own: of these a manager sees no hearing.
        rows = Case.with_open.filter(centre=centre, number__in=values["named"])
        named = dict(rows.exclude(own_work(user, lawyer="lawyer", firm="firm")).values_list("number", "pk"))
        unknown = [number for number in values["named"] if number not in named]
        if unknown:
            message = _("No case of this centre that you may see has this number: %(numbers)s")
            raise InvalidInput(message % {"numbers": str(_(", ")).join(unknown)}, field="named")
        plan = plan_hearings(
            centre=centre,
            until=values["until"],
            seed=values["seed"],
            rate=values["rate"],
            named=list(named.values()),
            user=user,
            now=timezone.now(),
        )
        return Response(HearingPlanReader(plan).data, status=201)


class HearingActs(ManagerView):
    def managed(self, request: Request, hearing_id: UUID) -> Hearing:
        rows = hearings_managed_by(cast("User", request.user)).select_related("case__centre")
        found: Hearing = get_object_or_404(rows, public_id=hearing_id)
        return found


class HearingObservers(HearingActs):
    """Name another observer."""

    @extend_schema(request=ObserverWriter, responses={201: ObservationReader})
    def post(self, request: Request, hearing_id: UUID) -> Response:
        hearing = self.managed(request, hearing_id)
        wanted = sent(request, ObserverWriter)["observer"]
        person = next((each for each in observers_of(hearing.case.centre) if each.public_id == wanted), None)
        if person is None:
            raise InvalidInput(_("This person does not observe hearings for this centre."), field="observer")
        row = name_observer(hearing=hearing, observer=person, user=cast("User", request.user), now=timezone.now())
        return Response(ObservationReader(observations_of(person).get(pk=row.pk)).data, status=201)


class HearingCancellation(HearingActs):
    """Say that a hearing is not observed, and why."""

    @extend_schema(request=NotObservedWriter, responses=ObservedHearingReader)
    def post(self, request: Request, hearing_id: UUID) -> Response:
        hearing = self.managed(request, hearing_id)
        reason = sent(request, NotObservedWriter)["reason"]
        cancel_hearing(hearing=hearing, reason=reason, user=cast("User", request.user), now=timezone.now())
        return Response(ObservedHearingReader(self.managed(request, hearing_id)).data)


class HearingMoving(HearingActs):
    """Give a hearing another day or place; its observers stay and are told."""

    @extend_schema(request=MoveWriter, responses=ObservedHearingReader)
    def post(self, request: Request, hearing_id: UUID) -> Response:
        hearing = self.managed(request, hearing_id)
        move_hearing(hearing=hearing, **sent(request, MoveWriter), user=cast("User", request.user), now=timezone.now())
        return Response(ObservedHearingReader(self.managed(request, hearing_id)).data)


class HearingRecord(HolderView[Hearing]):
    """Record what the observers agreed on, once all have handed in: for those who observed and who manages."""

    permission_classes = (HasRole.of(Role.OBSERVER, *MANAGING),)

    def held(self, request: Request, public_id: UUID) -> Hearing:
        found: Hearing = get_object_or_404(Hearing.objects.visible_to(request.user), public_id=public_id)
        return found

    @extend_schema(request=RecordWriter, responses={204: None})
    def post(self, request: Request, hearing_id: UUID) -> Response:
        values = self.sent(RecordWriter, request, hearing_id)
        record_hearing(
            hearing=self.held(request, hearing_id),
            entries=[MarkEntry(**mark) for mark in values["marks"]],
            note=values["note"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        return Response(status=204)
