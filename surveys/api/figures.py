"""What managers see of asking, for programs: the lines of the pages, with their codes."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.api.closed_cases import CHOICE, require_known
from qa_service.common.api import Endpoint
from qa_service.organisations.queries import latest_day
from surveys.api.figure_shapes import AnswersRead, BehindPageRead, CostsRead, FunnelRead, HeardRead
from surveys.documents.figures.content import About
from surveys.enums import Occasion
from surveys.forms.figures import FiguresForm, FunnelForm
from surveys.models.conversations import STAFF_ROLES
from surveys.queries.figures.answers_told import answers_content
from surveys.queries.figures.behind import behind
from surveys.queries.figures.costs_told import costs_content
from surveys.queries.figures.heard_told import heard_content
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.told import funnel_content
from surveys.views.figures import COST_READERS, about, figure_named

READERS = HasRole.of(*STAFF_ROLES)
WAVE = OpenApiParameter(
    "wave", OpenApiTypes.STR, enum=Occasion.values, description="While the case runs; after closing by default"
)
FIGURE = [
    OpenApiParameter("way", OpenApiTypes.STR, required=True, description="Code of a way"),
    OpenApiParameter("step", OpenApiTypes.STR, description="Code of a step, or give `loss`"),
    OpenApiParameter("loss", OpenApiTypes.STR, description="Code of a reason, or give `step`"),
    OpenApiParameter("after", OpenApiTypes.INT, description="As `after` of the page before says"),
]


def user_of(request: Request) -> User:
    return cast("User", request.user)


def chosen(
    request: Request, form_class: type[FiguresForm] = FiguresForm, *, beside: tuple[str, ...] = ()
) -> tuple[Choice, About]:
    """What the parameters ask for; `beside` are an endpoint's own.

    :raises ValidationError: as `require_known`.
    """
    now = timezone.now()
    form = form_class(request.query_params, user=user_of(request), today=latest_day(now))
    require_known(request, form, beside=beside)
    return form.choice, about(form, now=now)


class FunnelView(Endpoint):
    """How many could be asked, were asked and answered, in the user's subtree: steps, shares, reasons."""

    permission_classes = (READERS,)

    @extend_schema(parameters=[*CHOICE, WAVE], responses=FunnelRead)
    def get(self, request: Request) -> Response:
        choice, told = chosen(request, FunnelForm)
        content = funnel_content(user=user_of(request), choice=choice, about=told, now=told.as_of)
        return Response(FunnelRead(content).data)


class FunnelBehindView(Endpoint):
    """The follow-ups that one number of the funnel counts, the newest first."""

    permission_classes = (READERS,)

    @extend_schema(parameters=[*CHOICE, WAVE, *FIGURE], responses=BehindPageRead)
    def get(self, request: Request) -> Response:
        choice, told = chosen(request, FunnelForm, beside=("way", "step", "loss", "after"))
        given = {name: request.query_params.get(name, "") for name in ("way", "step", "loss", "after")}
        figure = figure_named(way=given["way"], step=given["step"], loss=given["loss"])
        if figure is None:
            raise ValidationError({"way": [_("There is no such number. Take its codes from the funnel.")]})
        if given["after"] and not given["after"].isdecimal():
            raise ValidationError({"after": [_("Give a whole number above zero.")]})
        page = behind(
            user=user_of(request),
            choice=choice,
            figure=figure,
            after=int(given["after"]) if given["after"] else None,
            now=told.as_of,
        )
        return Response(BehindPageRead(page).data)


class AnswersView(Endpoint):
    """What clients answered, question by question and way by way, with reach and refusal beside it."""

    permission_classes = (READERS,)

    @extend_schema(
        parameters=[
            *CHOICE,
            OpenApiParameter("questionnaire", OpenApiTypes.STR, description="Short name; the most answered by default"),
        ],
        responses=AnswersRead,
    )
    def get(self, request: Request) -> Response:
        choice, told = chosen(request, beside=("questionnaire",))
        content = answers_content(
            user=user_of(request),
            choice=choice,
            about=told,
            key=request.query_params.get("questionnaire", ""),
            now=told.as_of,
        )
        return Response(AnswersRead(content).data)


class UnheardView(Endpoint):
    """Who was reached and who answered, group by group: case type, age, gender, group, township, language, barrier."""

    permission_classes = (READERS,)

    @extend_schema(parameters=CHOICE, responses=HeardRead)
    def get(self, request: Request) -> Response:
        choice, told = chosen(request)
        content = heard_content(user=user_of(request), choice=choice, about=told, now=told.as_of)
        return Response(HeardRead(content).data)


class CostsView(Endpoint):
    """What was done by each way, and what one answer cost in money and minutes."""

    permission_classes = (HasRole.of(*COST_READERS),)

    @extend_schema(parameters=CHOICE, responses=CostsRead)
    def get(self, request: Request) -> Response:
        choice, told = chosen(request)
        content = costs_content(user=user_of(request), choice=choice, about=told, now=told.as_of)
        return Response(CostsRead(content).data)
