"""A manager's pages: drawing a sample, giving files out, objections to decide."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa_service.accounts.models import User
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.accounts.queries import organisations_reached
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.keyset import page_in_order
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.conflicts import CAPACITY
from reviews.enums import MANAGING, AssignmentState, ReaderOrder, Rule, Without
from reviews.forms import DrawForm, HandOverForm, usual_draw
from reviews.models import Assignment, CaseReview, Objection, Sample, in_language
from reviews.queries.checklists import choices_of, standard_of
from reviews.queries.drawn_together import nobodys_files, samples_drawn_with
from reviews.queries.given import given_out
from reviews.queries.independence import bars_to_deciding
from reviews.queries.previews import (
    BY_RULE,
    files_shown,
    handled_in,
    has_own_files,
    previewed_sample,
    published_statement,
    stratum_shown,
    tells_why,
)
from reviews.queries.results import sections_shown
from reviews.queries.reviewers import reviewers_of
from reviews.queries.statements import files_with_places, grades_estimated, replaced_counts
from reviews.queries.work import (
    assignments_seen_by,
    cases_needing_a_reader,
    left_behind,
    open_objections,
    samples_seen_by,
)
from reviews.sampling import Plan
from reviews.services.assignments import Given, add_next_reader, assign_sample, hand_over
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection
from reviews.services.results import release_with_one_reader
from reviews.services.samples import FrameChanged, draw_sample, require_preview

ROWS_A_PAGE = 50
DECISIONS = ("keep", "uphold")
MARK_FIELDS = ("anchor", "reason_code", "page", "comment")


@require_GET
@roles_required(*MANAGING)
def samples(request: SignedInRequest) -> HttpResponse:
    page = page_in_order(samples_seen_by(request.user), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    return render(request, "reviews/samples.html", {"page": page})


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def draw(request: SignedInRequest) -> HttpResponse:
    """GET shows how many files each rule but risk would draw; POST draws exactly those and the files at risk."""
    centres = organisations_reached(request.user, *MANAGING).filter(kind=OrganisationKind.CENTRE)
    if request.method == "POST":
        return _confirm(request, DrawForm(request.POST, centres=centres))
    if "seed" in request.GET:
        form = DrawForm(request.GET, centres=centres)
        plan = _previewed(request, form)
    else:
        form, plan = _usual(request, centres)
    return _draw_page(request, form, plan)


def _draw_page(
    request: SignedInRequest, form: DrawForm, plan: Plan | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "by_risk": plan is not None and Rule.RISK in form.cleaned_data["rules"],
        "form": form,
        "plan": plan,
        "nobodys": _nobodys(form, plan),
        "own_left_out": plan is not None and _handled(request.user, form),
        "counts": [(Rule(rule).label, count) for rule, count in plan.counts().items()] if plan else [],
        "strata": [(stratum_shown(each.name), each.size, each.random) for each in plan.strata] if plan else [],
    }
    return render(request, "reviews/draw.html", context, status=status)


def _nobodys(form: DrawForm, plan: Plan | None) -> int:
    if plan is None or not form.cleaned_data["city_wide"]:
        return 0
    return nobodys_files(form.parameters()["centre"], plan, now=timezone.now())


def _handled(user: User, form: DrawForm) -> bool:
    chosen = form.parameters()
    return handled_in(user, centre=chosen["centre"], period=chosen["period"])


def _previewed(request: SignedInRequest, form: DrawForm) -> Plan | None:
    """The plan, or none with the reason on the form."""
    if not form.is_valid():
        return None
    try:
        return previewed_sample(**form.parameters(), user=request.user, now=timezone.now())
    except DomainError as error:
        form.add_error(error.field or None, str(error.message))
        return None


def _usual(request: SignedInRequest, centres: QuerySet[Organisation]) -> tuple[DrawForm, Plan | None]:
    """The default plan; where risk may not be drawn by, without that rule, and the page says why."""
    first = centres.select_related("settings").first()
    today = today_at(first, timezone.now()) if first else timezone.localdate()
    given = usual_draw(first, today, reviewers=len(reviewers_of(first)) if first else 0)
    form = DrawForm(given, centres=centres)
    plan = _previewed(request, form)
    refused = form.errors.get("rules")
    if not refused:
        return form, plan
    messages.info(request, str(refused[0]))
    form = DrawForm({**given, "rules": [rule for rule in Rule.values if rule != Rule.RISK]}, centres=centres)
    return form, _previewed(request, form)


def _confirm(request: SignedInRequest, form: DrawForm) -> HttpResponse:
    if not form.is_valid():
        return _draw_page(request, form, None, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    digest = request.POST.get("frame_digest", "")
    try:
        require_preview(digest)
        sample = draw_sample(**form.confirmed(), frame_digest=digest, user=request.user, now=timezone.now())
    except FrameChanged as stale:
        messages.error(request, str(stale.message))
        return _draw_page(request, form, _previewed(request, form), status=stale.status)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("reviews:draw")
    messages.success(request, _("The sample was drawn. Now give the files to readers."))
    return redirect("reviews:sample", sample.public_id)


@require_GET
@roles_required(*MANAGING)
def sample(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    found = get_object_or_404(samples_seen_by(request.user), public_id=sample_id)
    files = files_with_places(files_shown(request.user, found))
    cases = files.select_related("case", "taken_out_by").order_by("case__number", "pk")
    page = page_in_order(cases, after=request.GET.get("after", ""), size=ROWS_A_PAGE, by="id")
    readers = (
        Assignment.objects.visible_to(request.user)
        .filter(
            case__in=[row.case_id for row in page.rows], state__in=[AssignmentState.OPEN, AssignmentState.SUBMITTED]
        )
        .select_related("reviewer")
    )
    by_case: dict[int, list[Assignment]] = {}
    for row in readers.order_by("order"):
        by_case.setdefault(row.case_id, []).append(row)
    statement = published_statement(found, request.user)
    own_left_out = has_own_files(request.user, found)
    estimated = () if own_left_out else grades_estimated(found)
    context = {
        "sample": found,
        "statement": statement,
        "replaced": replaced_counts(found),
        "together": samples_drawn_with(found, request.user) if found.city_wide else (),
        "estimated": [(grade, *each.percent) for grade, each in estimated],
        "estimated_from": estimated[0][1].files if estimated else 0,
        "page": page,
        "own_left_out": own_left_out,
        "tells_why": tells_why(found) and not own_left_out,
        "rows": [(row, [Rule(rule).label for rule in row.reasons], by_case.get(row.case_id, [])) for row in page.rows],
        "counts": [
            (_("Drawn by a rule") if rule == BY_RULE else Rule(rule).label, count)
            for rule, count in statement["counts"].items()
        ],
        "strata": [(stratum_shown(each["name"]), each["size"], each["random"]) for each in statement["strata"]],
        "rate": found.rate * 100,
        "given": (given := given_out(found, request.user, now=timezone.now())),
        "without": [(why.label, count) for why, count in given.without.items()],
        "capacity": CAPACITY if Without.ALL_FULL in given.without else None,
    }
    return render(request, "reviews/sample.html", context)


@require_POST
@roles_required(*MANAGING)
def assign(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    found = get_object_or_404(Sample.objects.visible_to(request.user), public_id=sample_id)
    given = assign_sample(sample=found, user=request.user, now=timezone.now())
    count = len({row.case_id for row in given.assigned})  # some are read by two
    messages.success(
        request, ngettext("%(n)s file was given out.", "%(n)s files were given out.", count) % {"n": count}
    )
    for text in still_lacking(given):
        messages.warning(request, text)
    return redirect("reviews:sample", sample_id)


def still_lacking(given: Given) -> list[str]:
    """Which turn of how many files nobody could take; of a file without its first reader no second one was sought."""
    second = sum(turn.order == ReaderOrder.SECOND for turn in given.refused)
    first = len(given.refused) - second
    told = (
        ngettext(
            "%(n)s file still has no first reader; the page of its sample says why.",
            "%(n)s files still have no first reader; the pages of their samples say why.",
            first,
        ),
        ngettext(
            "%(n)s file has its first reader and still lacks the second; the page of its sample says why.",
            "%(n)s files have their first reader and still lack the second; the pages of their samples say why.",
            second,
        ),
    )
    return [text % {"n": count} for text, count in zip(told, (first, second), strict=True) if count]


@require_GET
@roles_required(*MANAGING)
def assignments(request: SignedInRequest) -> HttpResponse:
    return _assignments(request)


def _assignments(request: SignedInRequest, *, refused: UUID | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    """`refused` is the result that could not be released: the reason typed for it stays in the box."""
    rows = left_behind(request.user) if request.GET.get("left") else assignments_seen_by(request.user)
    if request.GET.get("state") in AssignmentState.values:
        rows = rows.filter(state=request.GET["state"])
    page = page_in_order(rows, after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    needing = cases_needing_a_reader(request.user)[:ROWS_A_PAGE]
    context = {"page": page, "needing": needing, "states": AssignmentState.choices, "now": timezone.now()}
    context |= {"refused": refused, "typed": request.POST.get("reason", "")}
    return render(request, "reviews/assignments.html", context, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def reassign(request: SignedInRequest, assignment_id: UUID) -> HttpResponse:
    """Hand a file to another reader, named or the one with the lightest load."""
    managed = Assignment.objects.managed_by(request.user).select_related("case__centre", "reviewer")
    row = get_object_or_404(managed, public_id=assignment_id)
    people = reviewers_of(row.case.centre)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hand_over(
                assignment=row,
                reviewer=_named(people, form.cleaned_data["reviewer"]),
                reason=form.cleaned_data["reason"],
                user=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The file was handed over."))
            return redirect("reviews:assignments")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    others = [person for person in people if person.pk != row.reviewer_id]
    return render(request, "reviews/reassign.html", {"row": row, "people": others, "form": form}, status=status)


def _named(people: list[User], public_id: UUID | None) -> User | None:
    """None where nobody was named. Who was and reads here no more is not to be somebody else without a word.

    :raises InvalidInput: whoever was named does not read files here.
    """
    if public_id is None:
        return None
    found = next((person for person in people if person.public_id == public_id), None)
    if found is None:
        raise InvalidInput(_("This person does not read files here any more. Choose somebody else."), field="reviewer")
    return found


@require_POST
@roles_required(*MANAGING)
def add_reader(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    return _act_on_result(request, result_id, "add")


@require_POST
@roles_required(*MANAGING)
def release(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    return _act_on_result(request, result_id, "release")


def _act_on_result(request: SignedInRequest, result_id: UUID, act: str) -> HttpResponse:
    result = get_object_or_404(_managed_results(request), public_id=result_id)
    try:
        if act == "add":
            add_next_reader(case=result.case, user=request.user, now=timezone.now())
            messages.success(request, _("Another reader was named."))
        else:
            reason = request.POST.get("reason", "")
            made = release_with_one_reader(case=result.case, reason=reason, user=request.user, now=timezone.now())
            messages.success(request, _what_came_of_it(result, made))
    except DomainError as error:
        messages.error(request, str(error.message))
        if error.field == "reason":
            return _assignments(request, refused=result.public_id, status=error.status)
    return redirect("reviews:assignments")


def _what_came_of_it(before: CaseReview, after: CaseReview) -> str:
    if before.released_at:
        return _("The result stays as it is.")
    if after.released_at:
        return _("The result was released.")
    return _("It needs no other reader. It is not released yet: %(state)s.") % {"state": after.get_state_display()}


def _managed_results(request: HttpRequest) -> QuerySet[CaseReview]:
    return CaseReview.objects.current().managed_by(request.user).select_related("case__centre")


@require_GET
@roles_required(*MANAGING)
def objections(request: SignedInRequest) -> HttpResponse:
    page = page_in_order(open_objections(request.user), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    return render(request, "reviews/objections.html", {"page": page, "now": timezone.now()})


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def objection(request: SignedInRequest, objection_id: UUID) -> HttpResponse:
    """The objection beside the marks it concerns; each item is decided, and the whole answered."""
    found = get_object_or_404(
        Objection.objects.visible_to(request.user).select_related("case__centre", "result__checklist", "result__case"),
        public_id=objection_id,
    )
    items = list(found.items.select_related("item"))
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            decide_objection(
                objection=found,
                rulings=[
                    _ruling(request, row.item.code)
                    for row in items
                    if request.POST.get(f"{row.item.code}-decision") in DECISIONS
                ],
                answer=request.POST.get("answer", ""),
                user=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error.message))
            status = HTTPStatus(error.status)
        else:
            messages.success(request, _("The objection was decided."))
            return redirect("reviews:objections")
    found.result.case = found.case
    standard = standard_of(found.result.checklist)
    shown_items = {item.code: item for section in sections_shown(found.result) for item in section.items}
    reasons = found.result.checklist.reasons
    context = {
        "objection": found,
        "rows": [
            (
                row,
                shown_items[row.item.code],
                [(code, in_language(reasons[code])) for code in standard.items[row.item.code].reasons],
                choices_of(standard.items[row.item.code], standard.sheet.measure),
                _typed(request, row.item.code),
            )
            for row in items
        ],
        "answer": request.POST.get("answer", ""),
        "barred": bars_to_deciding([found.case], user=request.user).get(found.case_id),
    }
    return render(request, "reviews/objection.html", context, status=status)


def _typed(request: HttpRequest, code: str) -> dict[str, str]:
    """What was chosen and written for an item, so that a refusal loses nothing of it."""
    return {field: request.POST.get(f"{code}-{field}", "") for field in ("decision", *MARK_FIELDS)}


def _ruling(request: HttpRequest, code: str) -> Ruling:
    typed = _typed(request, code)
    upheld = typed.pop("decision") == "uphold"
    return Ruling(code, upheld=upheld, mark=MarkEntry(item=code, **typed) if upheld else None)
