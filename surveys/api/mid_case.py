"""Whether, when and how a centre asks clients while their case runs, for programs."""

from typing import cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import DayField, Endpoint, Whole
from qa_service.common.errors import NotFound
from qa_service.organisations.models import Organisation
from surveys.enums import MidCaseWay, Occasion
from surveys.mid_case import CLOSES_AFTER, REMIND_AFTER, MidCaseTerms
from surveys.models import MidCasePlan
from surveys.models.mid_case import PLANNERS
from surveys.queries.mid_case import centres_to_plan, plan_in_force, today_at
from surveys.services import end_mid_case_plan, publish_mid_case_plan

PARAMETERS = [
    OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="Code of the centre"),
    OpenApiParameter("occasion", OpenApiTypes.STR, OpenApiParameter.PATH, enum=Occasion.values),
]


class MidCaseTermsWrite(Whole):
    """`days`: from assignment to asking, or from asking to the hearing. `remind_after_days` 0: no second text.

    `starts_on`: the first day of assignment asked about; today by default, and nothing to a hearing.
    """

    questionnaire_key = serializers.SlugField(max_length=40)
    days = serializers.IntegerField()
    remind_after_days = serializers.IntegerField(min_value=REMIND_AFTER[0], max_value=REMIND_AFTER[-1])
    closes_after_days = serializers.IntegerField(min_value=CLOSES_AFTER[0], max_value=CLOSES_AFTER[-1])
    ways = serializers.MultipleChoiceField(choices=MidCaseWay.choices)
    starts_on = DayField(required=False)

    def terms(self, centre: Organisation, occasion: Occasion) -> MidCaseTerms:
        given = dict(self.validated_data)
        chosen = given.pop("ways")
        ways = tuple(way for way in MidCaseWay if way.value in chosen)
        current = plan_in_force(centre, occasion)
        given.setdefault("starts_on", current.starts_on if current else today_at(centre, now=timezone.now()))
        return MidCaseTerms(ways=ways, **given)


class MidCasePlanRead(serializers.ModelSerializer[MidCasePlan]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    remind_after_days = serializers.IntegerField(source="terms.remind_after_days", read_only=True)
    ways = serializers.ListField(child=serializers.ChoiceField(choices=MidCaseWay.choices), read_only=True)

    class Meta:
        model = MidCasePlan
        fields = (
            "id", "centre", "occasion", "version", "questionnaire_key", "days", "remind_after_days",
            "closes_after_days", "ways", "starts_on", "published_at",
        )  # fmt: skip
        read_only_fields = fields


class MidCasePlanView(Endpoint):
    """The plan in force for one occasion. Sending the same again changes nothing; deleting it asks nobody new."""

    permission_classes = (HasRole.of(*PLANNERS),)

    @extend_schema(parameters=PARAMETERS, responses=MidCasePlanRead)
    def get(self, request: Request, code: str, occasion: str) -> Response:
        plan = plan_in_force(*_named(request, code, occasion))
        if plan is None:
            raise NotFound(_("Nobody is asked on this occasion."))
        return Response(MidCasePlanRead(plan).data)

    @extend_schema(parameters=PARAMETERS, request=MidCaseTermsWrite, responses=MidCasePlanRead)
    def put(self, request: Request, code: str, occasion: str) -> Response:
        centre, named = _named(request, code, occasion)
        given = MidCaseTermsWrite(data=request.data)
        given.is_valid(raise_exception=True)
        plan = publish_mid_case_plan(
            centre=centre, occasion=named, terms=given.terms(centre, named), user=_user(request), now=timezone.now()
        )
        return Response(MidCasePlanRead(plan).data)

    @extend_schema(parameters=PARAMETERS, request=None, responses={204: None})
    def delete(self, request: Request, code: str, occasion: str) -> Response:
        centre, named = _named(request, code, occasion)
        end_mid_case_plan(centre=centre, occasion=named, user=_user(request), now=timezone.now())
        return Response(status=204)


def _user(request: Request) -> User:
    return cast("User", request.user)


def _named(request: Request, code: str, occasion: str) -> tuple[Organisation, Occasion]:
    """:raises Http404: a centre out of reach.
    :raises NotFound: no such occasion.
    """
    centre = get_object_or_404(centres_to_plan(_user(request)), code=code)
    if occasion not in Occasion.values:
        raise NotFound(_("There is no such occasion."))
    return centre, Occasion(occasion)
