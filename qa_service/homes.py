"""One home for every person: first what waits, from every room, then where else they may go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts import queries as accounts
from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases import queries as cases
from qa_service.common.addresses import page_at
from qa_service.common.api import API, plain_problem
from qa_service.common.middleware import CLIENTS, ORGANS
from qa_service.common.waiting import Waiting
from qa_service.notifications.forms import ReadForm
from qa_service.notifications.queries import Alike, alike_notifications
from qa_service.notifications.services import mark_read, rendered
from qa_service.privacy.queries import requests as privacy
from reviews import queries as reviews
from scoring import queries as scoring
from surveys import queries as surveys
from surveys.queries.handset import HOLDERS
from surveys.views.client_page import address_meant, go_to
from surveys.views.form import unknown
from surveys.views.organ_form import unknown as unknown_to_organ

ROOMS: tuple[Callable[[User, datetime], list[Waiting]], ...] = (
    accounts.waiting_for,
    cases.waiting_for,
    surveys.waiting_for,
    reviews.waiting_for,
    scoring.waiting_for,
    privacy.waiting_for,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One door in the navigation, for people who hold one of `roles`; `room` is its heading on a long home."""

    room: Any
    label: Any
    url_name: str
    roles: frozenset[str]


MANAGING = frozenset({Role.MANAGER, Role.SUPERVISOR})
_CASES, _ASKING, _JUDGING, _RESULTS = _("Cases"), _("Follow-up"), _("File review"), _("Results")
_DECIDING, _PAPERS, _HOUSE = _("Rewards and sanctions"), _("Documents"), _("Settings")
_ROOMS = (_CASES, _ASKING, _JUDGING, _RESULTS, _DECIDING, _PAPERS, _HOUSE)
FLAT = 8  # doors that one line of the menu holds; more are found under the name of their room
ENTRIES = (
    Entry(_CASES, _("Cases"), "cases:list", MANAGING | {Role.FOLLOW_UP}),
    Entry(_CASES, _("Import"), "cases:import", frozenset({Role.MANAGER, Role.OPERATOR})),
    Entry(_ASKING, _("Follow-up"), "surveys:overview", MANAGING | {Role.FOLLOW_UP}),
    Entry(_ASKING, _("Telephone list"), "surveys:telephone-list", frozenset({Role.FOLLOW_UP, Role.MANAGER})),
    Entry(_ASKING, _("Unhappy clients and alerts"), "surveys:alerts", MANAGING | {Role.FOLLOW_UP}),
    Entry(_ASKING, _("Complaints"), "surveys:complaints", MANAGING),
    Entry(_ASKING, _("Courts and other organs"), "surveys:organs", MANAGING | {Role.FOLLOW_UP}),
    Entry(_ASKING, _("Address book of organs"), "surveys:organ-book", frozenset({Role.OPERATOR})),
    Entry(_ASKING, _("Cases to release"), "surveys:release-list", frozenset({Role.MANAGER})),
    Entry(_ASKING, _("Sending of texts"), "surveys:sending", MANAGING | {Role.FOLLOW_UP, Role.OPERATOR}),
    Entry(_JUDGING, _("File acceptance"), "reviews:files", MANAGING | {Role.FOLLOW_UP}),
    Entry(_JUDGING, _("My reviews"), "reviews:my-reviews", frozenset({Role.REVIEWER})),
    Entry(_JUDGING, _("File review"), "reviews:samples", MANAGING),
    Entry(_JUDGING, _("Hearings"), "reviews:hearings", MANAGING),
    Entry(_JUDGING, _("My hearings"), "reviews:my-hearings", frozenset({Role.OBSERVER})),
    Entry(_JUDGING, _("List of reviewers"), "reviews:reviewers", frozenset({Role.REVIEWER, Role.LAWYER, Role.FIRM})),
    Entry(_RESULTS, _("Quality at a glance"), "scoring:glance", MANAGING),
    Entry(_RESULTS, _("Coverage and appraisal"), "scoring:coverage", MANAGING),
    Entry(_RESULTS, _("Standings"), "scoring:standings", MANAGING),
    Entry(_RESULTS, _("Time limits of the centre"), "scoring:clocks", MANAGING),
    Entry(_RESULTS, _("Targets of the year"), "scoring:targets", MANAGING),
    Entry(_DECIDING, _("Rewards and sanctions"), "scoring:proposals", MANAGING),
    Entry(_PAPERS, _("Notices"), "scoring:notices", MANAGING),
    Entry(_DECIDING, _("Corrective tasks"), "scoring:tasks", MANAGING),
    Entry(_PAPERS, _("Reports"), "scoring:report", MANAGING),
    Entry(_DECIDING, _("Subsidy sheet"), "scoring:subsidies", MANAGING),
    Entry(_DECIDING, _("Limits and priority in assignments"), "scoring:measures", MANAGING),
    Entry(_HOUSE, _("Rules that propose"), "scoring:rules", MANAGING),
    Entry(_RESULTS, _("Do the figures hold?"), "scoring:honesty", frozenset({Role.SUPERVISOR})),
    Entry(_HOUSE, _("Scoring schemes"), "scoring:schemes", MANAGING),
    Entry(_RESULTS, _("My results"), "scoring:my-results", frozenset({Role.LAWYER})),
    Entry(_JUDGING, _("My files"), "reviews:my-files", frozenset({Role.LAWYER})),
    Entry(_ASKING, _("Questions of the centre"), "surveys:lawyer-questions", frozenset({Role.LAWYER})),
    Entry(_JUDGING, _("Files of the firm"), "reviews:my-files", frozenset({Role.FIRM})),
    Entry(_RESULTS, _("Our firm"), "scoring:firm-results", frozenset({Role.FIRM})),
    Entry(_HOUSE, _("Centres"), "accounts:centres", frozenset({Role.OPERATOR, Role.MANAGER, Role.SUPERVISOR})),
    Entry(_HOUSE, _("Personal data"), "privacy:kept", MANAGING | {Role.FOLLOW_UP, Role.OPERATOR}),
    Entry(_HOUSE, _("People"), "accounts:people", frozenset({Role.OPERATOR, Role.MANAGER, Role.SUPERVISOR})),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the doors this person may open; in the demo nobody signed in is a client with a phone."""
    user = getattr(request, "user", None)
    telephones = {"room": _HOUSE, "label": _("Telephones of the demo"), "url": reverse("surveys:handset")}
    if not isinstance(user, User):
        return {"navigation": [telephones] if settings.DEMO else []}
    roles = user.roles
    doors = [
        {"room": entry.room, "label": entry.label, "url": reverse(entry.url_name)}
        for entry in ENTRIES
        if not roles.isdisjoint(entry.roles)
    ]
    if settings.DEMO and user.has_role(*HOLDERS):
        doors.append(telephones)
    rooms = _rooms(doors, path=request.path) if len(doors) > FLAT else []
    return {"navigation": doors, "rooms": rooms, "idle_minutes": settings.SESSION_IDLE_MINUTES}


def _rooms(doors: list[dict[str, Any]], *, path: str) -> list[dict[str, Any]]:
    """The rooms that have a door for this person; `here` is the one in which the page at `path` lies."""
    nearest = max(
        (door for door in doors if _leads_to(door["url"], path)), key=lambda door: len(door["url"]), default={}
    )
    rooms = [{"name": room, "doors": [door for door in doors if door["room"] is room]} for room in _ROOMS]
    return [room | {"here": nearest.get("room") is room["name"]} for room in rooms if room["doors"]]


def _leads_to(url: str, path: str) -> bool:
    """Whether a page lies behind a door: its own page, or one whose address goes on from there."""
    return path == url or path.startswith(f"{url.rstrip('/')}/")


def _waiting(user: User, now: datetime) -> list[Waiting]:
    """What waits, most urgent first, in the order of the rooms."""
    blocks = [block for room in ROOMS for block in room(user, now)]
    return sorted((block for block in blocks if block.count), key=lambda block: not block.urgent)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    now = timezone.now()
    told = [_told(alike) for alike in alike_notifications(user, until=now)]
    context = {"waiting": _waiting(user, now), "told": told, "until": now.isoformat()}
    return render(request, "home.html", context)


def _told(alike: Alike) -> dict[str, Any]:
    """One line for notices of one sentence; those below the newest only where they say or lead to something else."""
    lines = [{"text": rendered(row), "url": row.url, "at": row.created_at} for row in alike.rows]
    differ = len({(line["text"], line["url"]) for line in lines}) > 1
    more = {"more": alike.count - 1, "lines": lines[1:] if differ else [], "older": alike.count - len(lines)}
    return {**lines[0], **more, "id": alike.newest.public_id}


@require_POST
@login_required
def read_notifications(request: HttpRequest) -> HttpResponse:
    """All that the page showed, or the notices of one of its lines."""
    now, sent = timezone.now(), ReadForm(request.POST)
    sent.is_valid()
    mark_read(
        user=cast("User", request.user),
        now=now,
        until=sent.cleaned_data.get("until"),
        like=sent.cleaned_data.get("like"),
    )
    return redirect("home")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refused before any view. Pages have Django's own plain words: their templates may need what was refused."""
    if request.path.startswith(API):
        return plain_problem(code="bad_request", title=_("The request cannot be read."), status_code=400)
    return defaults.bad_request(request, exception or SuspiciousOperation())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    if request.path.startswith(API):
        title = _("Nothing is at this address of the API. /api/v1/schema/ describes what there is.")
        return plain_problem(code="not_found", title=title, status_code=404)
    meant = address_meant(request.path)
    if meant not in ("", request.path) and request.method in ("GET", "HEAD"):
        return go_to(meant)
    if meant:
        return unknown_to_organ(request) if meant.startswith(ORGANS) else unknown(request)
    return render(request, "404.html", status=404)


class OnlySentTo:
    """An address that takes forms alone, opened by a link or typed in: the way to the page, not a bare line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method == "GET" and not request.path.startswith((API, "/webhooks/"))
        if not opened or response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        if request.path.startswith(CLIENTS):
            page = unknown(request)
            page.status_code = HTTPStatus.METHOD_NOT_ALLOWED
        else:
            context = {"page": page_at(request.path)}
            page = render(request, "not_a_page.html", context, status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        title = _("Something went wrong on our side. Try again later, then ask the operator.")
        return plain_problem(code="server_error", title=title, status_code=500)
    return render(request, "500.html", status=500)
