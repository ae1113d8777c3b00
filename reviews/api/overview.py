"""What managers see of reviewing, for programs: the numbers of the page."""

from typing import cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.api.closed_cases import CASE_TYPE, CENTRE, require_known
from qa_service.common.api import Endpoint
from qa_service.organisations.queries import latest_day
from reviews.api.managing import ManagerView
from reviews.api.overview_shapes import OverviewRead, OwnAgreementRead
from reviews.forms.overview import OverviewForm, OwnAgreementForm
from reviews.queries.overview.readers import own_agreement
from reviews.queries.overview.results import ListUsed
from reviews.queries.overview.told import overview_of

PERIOD = OpenApiParameter(
    "period", OpenApiTypes.STR, description="Of closing: 2026 or 2026-Q3; this year by default, empty for any time"
)

CHECKLIST = OpenApiParameter(
    "checklist", OpenApiTypes.UUID, description="Of which list the losses are; that used the most by default"
)
PAGE = OpenApiParameter("page", OpenApiTypes.INT, description="Of the lawyers in `losses`, a hundred at a time")


class OverviewView(ManagerView):
    """How far reviewing has come, in the user's subtree."""

    @extend_schema(parameters=[CENTRE, PERIOD, CASE_TYPE, CHECKLIST, PAGE], responses=OverviewRead)
    def get(self, request: Request) -> Response:
        now, user = timezone.now(), cast("User", request.user)
        form = OverviewForm(request.query_params, user=user, today=latest_day(now))
        require_known(request, form, beside=("page",))
        asked = form.cleaned_data["checklist"]
        found = overview_of(user, form.cases, checklist=asked, now=now)
        _require_used(found.chosen, asked)
        return Response(OverviewRead(found, context={"page": request.query_params.get("page")}).data)


class OwnAgreementView(Endpoint):
    """How far a reviewer agrees with whoever read the same files: of themself alone."""

    permission_classes = (HasRole.of(Role.REVIEWER),)

    @extend_schema(parameters=[CENTRE, PERIOD, CASE_TYPE, CHECKLIST], responses=OwnAgreementRead)
    def get(self, request: Request) -> Response:
        user = cast("User", request.user)
        form = OwnAgreementForm(request.query_params, user=user, today=latest_day(timezone.now()))
        require_known(request, form)
        asked = form.cleaned_data["checklist"]
        found = own_agreement(user, form.cases, checklist=asked)
        _require_used(found.chosen, asked)
        return Response(OwnAgreementRead(found).data)


def _require_used(chosen: ListUsed | None, asked: UUID | None) -> None:
    """:raises ValidationError: another list was asked for than there are figures of"""
    if asked is not None and (chosen is None or chosen.checklist.public_id != asked):
        raise ValidationError({"checklist": [_("No file of this selection was marked by this checklist.")]})
