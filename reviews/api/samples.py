"""Endpoints of managers: drawing samples, giving the files to readers and taking them back."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.accounts.queries import organisations_reached
from qa_service.common.api import sent
from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from reviews.api import serializers as shapes
from reviews.api.managing import ManagerView
from reviews.enums import MANAGING
from reviews.models import Assignment, Sample
from reviews.queries.drawn_together import nobodys_files, samples_drawn_with
from reviews.queries.previews import previewed_sample
from reviews.queries.reviewers import reviewers_by_centre, reviewers_of
from reviews.sampling import usual_share_read_twice
from reviews.services.assignments import Given, assign_sample, hand_over
from reviews.services.drawing_together import assign_samples, draw_together
from reviews.services.samples import draw_sample


def drawn_from(request: Request) -> dict[str, Any]:
    """The parameters of a draw, at a centre within the person's reach."""
    values = sent(request, shapes.DrawWriter)
    centre = get_object_or_404(_centres(request), code=values["centre"])
    return _drawn_by(values, [centre]) | {
        "centre": centre,
        "city_wide": values["city_wide"],
        "frame_digest": values["frame_digest"],
    }


def _drawn_by(values: dict[str, Any], centres: Sequence[Organisation]) -> dict[str, Any]:
    if values["until"] < values["start"]:
        raise InvalidInput(_("The last day lies before the first."), field="until")
    period = Period(values["start"], values["until"] + timedelta(days=1))
    twice = _usual_share_read_twice(centres) if values["twice"] is None else values["twice"]
    return {"period": period, "twice": twice} | {name: values[name] for name in ("rate", "rules", "seed")}


def _usual_share_read_twice(centres: Sequence[Organisation]) -> Decimal:
    """As on the page."""
    people = {person.pk for found in reviewers_by_centre(centres).values() for person in found}
    return usual_share_read_twice(len(people))


def _centres(request: Request) -> QuerySet[Organisation]:
    return organisations_reached(cast("User", request.user), *MANAGING).filter(kind=OrganisationKind.CENTRE)


class SamplePreview(ManagerView):
    """How many files a draw would take, but for those that only the rule `risk` adds unseen; writes nothing.

    `nobodys`: how many of them nobody may read as things stand, in a city-wide review; null in another.
    """

    @extend_schema(request=shapes.DrawWriter, responses=shapes.PlanReader)
    def post(self, request: Request) -> Response:
        parameters = drawn_from(request)
        del parameters["frame_digest"]
        city_wide, now = parameters.pop("city_wide"), timezone.now()
        plan = previewed_sample(**parameters, user=cast("User", request.user), now=now)
        body = {
            "frame_size": plan.frame_size,
            "frame_digest": plan.frame_digest,
            "drawn": len(plan.draws),
            "read_twice": plan.read_twice,
            "counts": dict(plan.counts()),
            "excluded": len(plan.excluded),
            "nobodys": nobodys_files(parameters["centre"], plan, now=now) if city_wide else None,
        }
        return Response(shapes.PlanReader(body).data)


class SampleList(ListAPIView[Sample]):
    """The samples of one's centres; POST draws one. The same seed again returns the sample it drew."""

    permission_classes = (HasRole.of(*MANAGING),)
    serializer_class = shapes.SampleReader
    queryset = Sample.objects.none()

    def get_queryset(self) -> Any:
        return Sample.objects.visible_to(self.request.user).select_related("centre")

    @extend_schema(request=shapes.DrawWriter, responses={201: shapes.SampleReader})
    def post(self, request: Request) -> Response:
        parameters = drawn_from(request)
        user = cast("User", request.user)
        sample = draw_sample(**parameters, user=user, now=timezone.now())
        return Response(shapes.SampleReader(sample, context={"request": request}).data, status=201)


class SamplesTogether(ManagerView):
    """Draw over several centres for a city-wide review: a sample of each by one seed, or none of any.

    A centre of whose cases nothing is drawn has no sample in the answer.
    """

    @extend_schema(request=shapes.DrawTogetherWriter, responses={201: shapes.SampleReader(many=True)})
    def post(self, request: Request) -> Response:
        values = sent(request, shapes.DrawTogetherWriter)
        centres = [get_object_or_404(_centres(request), code=code) for code in values["centres"]]
        drawn = draw_together(
            **_drawn_by(values, centres),
            centres=centres,
            frame_digests=values["frame_digests"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        shown = shapes.SampleReader(drawn.samples, many=True, context={"request": request})
        return Response(shown.data, status=201)


class SampleAssignment(ManagerView):
    """Give every file of the sample without a reader to the free reviewer with the lightest load."""

    @extend_schema(request=None, responses=shapes.GivenReader)
    def post(self, request: Request, sample_id: UUID) -> Response:
        sample = _sample(request, sample_id)
        return _told(assign_sample(sample=sample, user=cast("User", request.user), now=timezone.now()))


class SamplesAssignment(ManagerView):
    """The same of all samples that were drawn together with this one."""

    @extend_schema(request=None, responses=shapes.GivenReader)
    def post(self, request: Request, sample_id: UUID) -> Response:
        user = cast("User", request.user)
        samples = samples_drawn_with(_sample(request, sample_id), user)
        return _told(assign_samples(samples=list(samples), user=user, now=timezone.now()))


def _sample(request: Request, sample_id: UUID) -> Sample:
    return get_object_or_404(Sample.objects.visible_to(request.user).select_related("centre"), public_id=sample_id)


def _told(given: Given) -> Response:
    refused = [
        {
            "case": turn.sampled.case.number,
            "order": turn.order,
            "conflicts": len(turn.choice.refused),
            "full": len(turn.choice.full),
            "other_types": len(turn.choice.other_types),
        }
        for turn in given.refused
    ]
    return Response(shapes.GivenReader({"assigned": len(given.assigned), "refused": refused}).data)


class AssignmentList(ListAPIView[Assignment]):
    """Every assignment of one's centres."""

    permission_classes = (HasRole.of(*MANAGING),)
    serializer_class = shapes.AssignmentReader
    queryset = Assignment.objects.none()

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).select_related("review", "case", "checklist")


class AssignmentHandOver(ManagerView):
    """Take a file from its reader and give it to another."""

    @extend_schema(request=shapes.HandOverWriter, responses={201: shapes.AssignmentReader})
    def post(self, request: Request, assignment_id: UUID) -> Response:
        managed = Assignment.objects.managed_by(request.user).select_related("case__centre")
        row = get_object_or_404(managed, public_id=assignment_id)
        given = sent(request, shapes.HandOverWriter)
        wanted = given["reviewer"]
        named = next((person for person in reviewers_of(row.case.centre) if person.public_id == wanted), None)
        if wanted and named is None:
            raise InvalidInput(_("This person is not a reviewer of the centre."), field="reviewer")
        second = hand_over(
            assignment=row,
            reviewer=named,
            reason=given["reason"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        return Response(shapes.AssignmentReader(second).data, status=201)
