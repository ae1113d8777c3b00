"""Hearings for who manages them: the plan, the observers, the marks side by side once all are in, the record."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.accounts.queries import organisations_reached, own_work
from qa_service.cases.models import Case
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order
from qa_service.common.rounding import half_up
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import MANAGING, HearingRule, HearingState
from reviews.forms.hearings import MoveForm, PlanForm, usual_plan
from reviews.hearings import HearingsPlan
from reviews.models import Hearing, Observation
from reviews.queries.checklists import standard_of
from reviews.queries.hearings import (
    all_handed_in,
    day_named_elsewhere,
    hearings_managed_by,
    marks_by_item,
    observers_of,
    place_of,
    recorded_marks,
    standing_observations,
    tied_among,
    tied_observers,
)
from reviews.queries.scorecard import MARKED, ItemRow, scorecard
from reviews.services.hearings import (
    cancel_hearing,
    lays_aside,
    move_hearing,
    name_observer,
    plan_hearings,
    planned_hearings,
    record_hearing,
    take_off_observer,
)
from reviews.services.marks import MarkEntry
from reviews.views.own_marks import tell_refusal, typed_marks

ROWS_A_PAGE = 50


@require_GET
@roles_required(*MANAGING)
def hearings(request: SignedInRequest) -> HttpResponse:
    page = page_in_order(hearings_managed_by(request.user), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    rows = [(row, rules_in_words(row)) for row in page.rows]
    return render(request, "reviews/hearings.html", {"page": page, "rows": rows})


def rules_in_words(row: Hearing) -> str:
    return _(", ").join(str(HearingRule(rule).label) for rule in row.rules)


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def plan(request: SignedInRequest) -> HttpResponse:
    """GET shows which hearings would be observed; POST plans exactly those and the ones ticked beside them."""
    centres = organisations_reached(request.user, *MANAGING).filter(kind=OrganisationKind.CENTRE)
    if request.method == "POST":
        return _confirm(request, PlanForm(request.POST, centres=centres))
    if "seed" in request.GET:
        form = PlanForm(request.GET, centres=centres)
        return _plan_page(request, form)
    first = centres.select_related("settings").first()
    today = today_at(first, timezone.now()) if first else timezone.localdate()
    return _plan_page(request, PlanForm(usual_plan(first, today), centres=centres))


def _confirm(request: SignedInRequest, form: PlanForm) -> HttpResponse:
    if not form.is_valid():
        return _plan_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        row = plan_hearings(
            **form.parameters(),
            named=_named(request, form.cleaned_data["centre"]),
            frame_digest=request.POST.get("digest", ""),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _plan_page(request, form, status=error.status)
    messages.success(request, _("%(count)s hearings are observed.") % {"count": row.hearings.count()})
    return redirect("reviews:hearings")


def _named(request: SignedInRequest, centre: Organisation) -> list[int]:
    """Cases ticked on the page; never the user's own, whose hearings the page did not show."""
    ticked = request.POST.getlist("named")
    rows = Case.with_open.filter(centre=centre, number__in=ticked).exclude(_own(request.user))
    return list(rows.values_list("pk", flat=True))


def _own(user: User) -> Any:
    return own_work(user, lawyer="lawyer", firm="firm")


def _plan_page(request: SignedInRequest, form: PlanForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    found: HearingsPlan | None = None
    if form.is_valid():
        try:
            found = planned_hearings(**form.parameters(), now=timezone.now())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
    context: dict[str, Any] = {"form": form, "plan": found, "ticked": request.POST.getlist("named")}
    if found is not None:
        rows = Case.with_open.filter(_own(request.user), pk__in=[each.hearing.case_id for each in found.planned])
        own = set(rows.values_list("pk", flat=True)) | _own_among(request.user, found)
        context |= {
            "planned": [
                (each.hearing, _(", ").join(str(rule.label) for rule in each.rules))
                for each in found.planned
                if each.hearing.case_id not in own
            ],
            "others": [each for each in found.others if each.case_id not in own],
            "own_left_out": bool(own),
            "counts": [(rule.label, count) for rule, count in found.counts().items()],
        }
    return render(request, "reviews/plan_hearings.html", context, status=status)


def _own_among(user: User, found: HearingsPlan) -> set[int]:
    rows: QuerySet[Case] = Case.with_open.filter(_own(user), pk__in=[each.case_id for each in found.others])
    return set(rows.values_list("pk", flat=True))


@require_GET
@roles_required(Role.OBSERVER, *MANAGING)
def hearing(request: SignedInRequest, hearing_id: UUID) -> HttpResponse:
    return _page(request, _found(request, hearing_id))


def _found(request: SignedInRequest, hearing_id: UUID) -> Hearing:
    rows = Hearing.objects.visible_to(request.user).select_related(
        "case__lawyer", "case__firm", "case__centre__settings", "checklist", "closed_by"
    )
    found: Hearing = get_object_or_404(rows, public_id=hearing_id)
    return found


def _managed(request: SignedInRequest, hearing_id: UUID) -> Hearing:
    found: Hearing = get_object_or_404(Hearing.objects.managed_by(request.user), public_id=hearing_id)
    return found


def _page(
    request: SignedInRequest, found: Hearing, *, moving: MoveForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """`moving`: the form of another day, as it was refused."""
    standard = standard_of(found.checklist)
    observations = standing_observations(found)
    open_to_all = all_handed_in(observations)
    planned = found.state == HearingState.PLANNED
    tied = tied_among(observations, found.case) if planned and open_to_all else set()
    untied = [row for row in observations if row.observer_id not in tied]
    recorded = recorded_marks(found, standard)
    marks = recorded or (typed_marks(request, standard) if request.method == "POST" else {})
    by_item = marks_by_item(untied, standard) if open_to_all else {}
    if open_to_all and not marks:
        marks = _agreed(by_item)
    sections = scorecard(checklist=found.checklist, standard=standard, marks=marks)
    managing = found in Hearing.objects.managed_by(request.user)
    place, elsewhere = place_of(found), day_named_elsewhere(found)
    context = {
        "hearing": found,
        "case": found.case,
        "place": place,
        "elsewhere": elsewhere,
        # Another day begins as the one that the case system names.
        "moving": moving or MoveForm(initial={"held_on": elsewhere or found.held_on, "place": place}),
        "rules": rules_in_words(found) if managing else "",
        "observations": [
            (row, half_up(row.total) if open_to_all and row.total is not None else "", row.observer_id in tied)
            for row in observations
        ],
        "items": [(item, _shown(by_item.get(item.code, []), item)) for each in sections for item in each.items],
        "open_to_all": open_to_all,
        "may_record": planned and open_to_all and bool(untied),
        "several": len(untied) > 1,
        "managing": managing and planned,
        "movable": (movable := not any(row.locked for row in observations)),
        "cancellable": movable or lays_aside(found, request.user),
        "free": _free(found, observations) if managing and planned else [],
        "total": half_up(found.total) if found.total is not None else "",
        "note": request.POST.get("note", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "reviews/hearing.html", context, status=status)


def _shown(given: list[dict[str, Any]], item: ItemRow) -> list[dict[str, str]]:
    """Each observer's mark in words."""
    words, anchors = dict(item.reasons), dict(item.anchors)
    return [
        {
            "observer": str(each["observer"]),
            "anchor": anchors.get(each["mark"].anchor, "—"),
            "reason": words.get(each["mark"].reason_code, ""),
            "comment": each["mark"].comment,
        }
        for each in given
    ]


def _agreed(by_item: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, str]]:
    """What all marked alike stands in the form already; what they differ about is theirs to talk over."""
    found = {}
    for code, given in by_item.items():
        if given and len({each["mark"].anchor for each in given}) == 1:
            first = given[0]["mark"]
            found[code] = {name: getattr(first, name) for name in MARKED} | {"page": ""}
    return found


def _free(found: Hearing, observations: list[Observation]) -> list[User]:
    people = observers_of(found.case.centre)
    tied = tied_observers(people, [found.case])[found.case_id]
    named = {row.observer_id for row in observations}
    return [person for person in people if person.pk not in tied | named]


@require_POST
@roles_required(*MANAGING)
def name(request: SignedInRequest, hearing_id: UUID) -> HttpResponse:
    found = _managed(request, hearing_id)
    person = next(
        (each for each in observers_of(found.case.centre) if str(each.public_id) == request.POST.get("observer")), None
    )
    if person is None:
        messages.error(request, _("Choose who is to observe."))
        return redirect("reviews:hearing", hearing_id)
    try:
        name_observer(hearing=found, observer=person, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("reviews:hearing", hearing_id)


@require_POST
@roles_required(*MANAGING)
def take_off(request: SignedInRequest, hearing_id: UUID) -> HttpResponse:
    found = _managed(request, hearing_id)
    rows = {str(row.public_id): row for row in found.observations.all()}
    row = rows.get(request.POST.get("observation", ""))
    if row is None:
        messages.error(request, _("This person does not observe the hearing."))
        return redirect("reviews:hearing", hearing_id)
    try:
        take_off_observer(observation=row, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("reviews:hearing", hearing_id)


@require_POST
@roles_required(*MANAGING)
def cancel(request: SignedInRequest, hearing_id: UUID) -> HttpResponse:
    found = _managed(request, hearing_id)
    try:
        cancel_hearing(hearing=found, reason=request.POST.get("reason", ""), user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, _found(request, hearing_id), status=error.status)
    return redirect("reviews:hearing", hearing_id)


@require_POST
@roles_required(*MANAGING)
def move(request: SignedInRequest, hearing_id: UUID) -> HttpResponse:
    """Another day or place."""
    found = _managed(request, hearing_id)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            move_hearing(hearing=found, **form.cleaned_data, user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The new day and place are entered, and the observers are told."))
            return redirect("reviews:hearing", hearing_id)
    return _page(request, _found(request, hearing_id), moving=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@roles_required(Role.OBSERVER, *MANAGING)
def record(request: SignedInRequest, hearing_id: UUID) -> HttpResponse:
    """The merged marks, entered by one of those who observed or by the centre."""
    found = _found(request, hearing_id)
    marks = typed_marks(request, standard_of(found.checklist))
    try:
        record_hearing(
            hearing=found,
            entries=[MarkEntry(item=code, **mark) for code, mark in marks.items()],
            note=request.POST.get("note", ""),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        tell_refusal(request, error)
        return _page(request, found, status=error.status)
    messages.success(request, _("The hearing is recorded."))
    return redirect("reviews:hearing", hearing_id)
