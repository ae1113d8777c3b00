"""What managers see of reviewing, for programs: the numbers of the page."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.cases.api.closed_cases import CASE_TYPE, CENTRE, require_known
from qa_service.organisations.queries import latest_day
from reviews.api.managing import ManagerView
from reviews.api.overview_shapes import OverviewRead
from reviews.forms.overview import OverviewForm
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
        if asked is not None and (found.chosen is None or found.chosen.checklist.public_id != asked):
            raise ValidationError({"checklist": [_("No file of this selection was marked by this checklist.")]})
        return Response(OverviewRead(found, context={"page": request.query_params.get("page")}).data)
