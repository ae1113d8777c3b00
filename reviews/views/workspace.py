"""The reviewer's list and workspace. Everything works without scripts: the form saves whole."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.queries import client_names
from qa_service.common.drafts import number_typed
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.keyset import page_in_order
from qa_service.common.rounding import half_up
from reviews.adoption import MOST_ARGUMENTS, ledger_item
from reviews.enums import AssignmentState, Treatment
from reviews.forms import DeclineForm
from reviews.marking import defects, total
from reviews.merging import merged
from reviews.models import Assignment, Review, in_language
from reviews.queries.accepted_files import found_at_the_desk
from reviews.queries.checklists import standard_of
from reviews.queries.ledger import (
    ARGUMENT_FIELDS,
    Ledger,
    blank_argument,
    ledger_form,
    ledger_lacks,
    loaded_argument,
    stored_ledger,
    unfit_arguments,
)
from reviews.queries.scans import papers_by_machine
from reviews.queries.scorecard import (
    FIELDS,
    Marks,
    blank,
    loaded_mark,
    papers_of,
    preselected,
    scorecard,
    stored_marks,
    unfit_marks,
    values_of,
    veto_rows,
)
from reviews.queries.work import files_of_reader, place_in_work
from reviews.services.assignments import check_conflicts
from reviews.services.assignments import decline as give_back
from reviews.services.catalogue import save_catalogue
from reviews.services.ledger import ArgumentEntry
from reviews.services.marks import MarkEntry, MarksChanged, MarksInvalid, MarkUnfit, save_marks
from reviews.services.submission import Unfinished, submit_review
from reviews.services.vetoes import mark_veto, take_back_veto
from reviews.stages import out_of_stage
from reviews.views.viewer import reading
from reviews.views.went_back import say_what_went_back

FILES_A_PAGE = 30


def own_review(request: HttpRequest, review_id: UUID) -> Review:
    """The reader's own review while they hold the file and the role; 404 otherwise."""
    row = (
        Assignment.objects.held_by(request.user)
        .filter(review__public_id=review_id)
        .select_related(
            "review",
            "case__lawyer",
            "case__firm",
            "case__centre__settings",
            "case__file_acceptance",
            "checklist",
            "assigned_by",
        )
        .first()
    )
    if row is None:
        raise Http404
    row.review.assignment = row
    return row.review


def open_review(request: SignedInRequest, review_id: UUID) -> Review:
    """As `own_review`, of one that may be worked on: once it is handed in, one's own marks are there to be read.

    :raises ConflictOfInterest: at the moment of asking.
    """
    review = own_review(request, review_id)
    if not review.locked:
        check_conflicts(case=review.assignment.case, reviewer=request.user)
    return review


@require_GET
@roles_required(Role.REVIEWER)
def my_reviews(request: SignedInRequest) -> HttpResponse:
    page = page_in_order(files_of_reader(request.user), after=request.GET.get("after", ""), size=FILES_A_PAGE)
    return render(request, "reviews/my_reviews.html", {"page": page, "now": timezone.now()})


# Gone back to, it is asked for anew: a page from the browser's store would show the marks as they once were.
@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.REVIEWER)
def workspace(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    review = own_review(request, review_id)
    if request.method == "POST":
        return _save(request, review)
    if review.locked:
        return _locked(request, review)
    check_conflicts(case=review.assignment.case, reviewer=request.user)
    return _with_what_is_stored(request, review)


def _with_what_is_stored(request: SignedInRequest, review: Review, **beside: Any) -> HttpResponse:
    """The workspace with the marks as they are saved. `beside`: see `_page`."""
    standard = standard_of(review.assignment.checklist)
    stored = stored_marks(review.pk, standard)
    marks = preselected(stored, standard, review.assignment.case)
    return _page(request, review, marks, loaded=stored, ledger=stored_ledger(review.pk), **beside)


def _save(request: SignedInRequest, review: Review) -> HttpResponse:
    standard = standard_of(review.assignment.checklist)
    codes = list(standard.items)
    marks, loaded = _typed(request, codes), _loaded(request, codes)
    ledger, loaded_ledger = _typed_ledger(request), _loaded_ledger(request)
    comment, loaded_comment = _comments(request)
    version = number_typed(request.POST.get("version", ""))
    loaded_here = version >= 0  # what names no version is no form of ours: it is shown what is stored
    saved = False
    while not saved:
        try:
            save_marks(
                review_id=review.public_id,
                version=version,
                entries=[MarkEntry(item=code, **mark) for code, mark in marks.items()],
                arguments=_changed_lines(ledger, loaded_ledger),
                comment=comment,
                user=request.user,
                now=timezone.now(),
            )
            saved = True
        except MarksChanged as conflict:
            found = merged(loaded=loaded, mine=marks, theirs=conflict.current)
            lines = merged(loaded=_coded(loaded_ledger), mine=_coded(ledger), theirs=_coded(conflict.ledger))
            both_commented = comment is not None and conflict.comment not in {loaded_comment, comment}
            version, loaded, marks, loaded_comment = (
                conflict.version,
                conflict.current,
                found.marks,
                conflict.comment,
            )
            ledger, loaded_ledger = {int(number): line for number, line in lines.marks.items()}, conflict.ledger
            if found.conflicting or lines.conflicting or both_commented or not loaded_here:
                theirs = {code: loaded.get(code, blank()) for code in found.conflicting}
                their_lines = {n: loaded_ledger.get(n, blank_argument()) for n in map(int, lines.conflicting)}
                review.version, review.comment = version, conflict.comment
                return _page(
                    request,
                    review,
                    marks,
                    loaded=loaded,
                    theirs=theirs,
                    ledger=ledger,
                    loaded_ledger=loaded_ledger,
                    their_lines=their_lines,
                    both_commented=both_commented,
                    status=HTTPStatus.CONFLICT,
                )
        except InvalidInput as error:
            messages.error(
                request, _("Nothing was saved yet. What you entered is still here; put right what is named:")
            )
            for refused in error.refused if isinstance(error, MarksInvalid) else (error,):
                messages.error(request, _of_item(refused))
            review.version = version
            return _page(
                request,
                review,
                marks,
                loaded=loaded,
                ledger=ledger,
                loaded_ledger=loaded_ledger,
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
    following = place_in_work(request.user, review).following if request.POST.get("next") == "following" else None
    name = "reviews:submit" if request.POST.get("next") == "submit" else "reviews:workspace"
    return redirect(name, following or review.public_id)


def _of_item(error: InvalidInput) -> str:
    """The refusal, led by the item or line it concerns where it concerns one."""
    item, dot, _field = error.field.partition(".")
    return f"{_named(item)} · {error.message}" if dot else str(error.message)


def _named(code: str) -> str:
    """An item by its code, a line of the ledger by its number."""
    number = code.removeprefix("L")
    return _("Argument %(number)s") % {"number": number} if code.startswith("L") and number.isdigit() else code


def _page(
    request: SignedInRequest,
    review: Review,
    marks: Marks,
    *,
    loaded: Marks | None = None,
    theirs: Marks | None = None,
    ledger: Ledger,
    loaded_ledger: Ledger | None = None,
    their_lines: Ledger | None = None,
    both_commented: bool = False,
    refused: str = "",
    papers: tuple[dict[str, str], dict[str, str]] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """`loaded` are the marks as stored where the form holds others, `theirs` those that another window changed too.

    `refused` is the code of the veto that could not be taken: what was written of it stays in its boxes.
    `papers` are those of a catalogue that could not be taken, as typed and as they were before.
    """
    standard = standard_of(review.assignment.checklist)
    typed_papers, shown_papers = papers or (None, None)
    so_far = total(standard.sheet, values_of(marks))
    context = {
        "review": review,
        "case": review.assignment.case,
        "checklist": review.assignment.checklist,
        "sections": scorecard(
            checklist=review.assignment.checklist, standard=standard, marks=marks, loaded=loaded, theirs=theirs
        ),
        "ledger": ledger_form(sheet=standard.sheet, ledger=ledger, loaded=loaded_ledger, theirs=their_lines)
        if (item := ledger_item(standard.sheet))
        else None,
        "ledger_item": item.code if item else "",
        "treatments": Treatment.choices,
        "conflict": theirs is not None,
        "papers": papers_of(
            review,
            typed_papers,
            was=shown_papers,
            by_machine=papers_by_machine(review.assignment.case, review.assignment.checklist),
        ),
        "desk": found_at_the_desk(review.assignment.case, now=timezone.now()),
        "vetoes": veto_rows(review, standard),
        "refused": refused,
        "typed": request.POST,
        "comment": review.comment if _comments(request)[0] is None else request.POST["comment"],
        "both_commented": both_commented,
        "total": half_up(so_far.score) if so_far.counts else None,
        "band": so_far.band,
        "marked": len(standard.items) - len(so_far.unmarked),
        "expected": len(standard.items),
        "measure": standard.sheet.measure,
        "place": place_in_work(request.user, review),
        "decline_form": DeclineForm(),
        "shortcuts": request.user.shortcuts_enabled,
        "marks_url": reverse("api-review-marks", args=[review.public_id]),
    } | reading(request, review.assignment.case, owner=review.public_id, apart=True)
    return render(request, "reviews/workspace.html", context, status=status)


def _locked(request: SignedInRequest, review: Review) -> HttpResponse:
    standard = standard_of(review.assignment.checklist)
    marks = stored_marks(review.pk, standard)
    context = {
        "review": review,
        "case": review.assignment.case,
        "checklist": review.assignment.checklist,
        "sections": scorecard(checklist=review.assignment.checklist, standard=standard, marks=marks),
        "ledger": ledger_form(sheet=standard.sheet, ledger=stored_ledger(review.pk)),
        "vetoes": [row for row in veto_rows(review, standard) if row.mark],
        "total": half_up(review.total) if review.total is not None else "",
    }
    return render(request, "reviews/locked.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.REVIEWER)
def submit(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """What is missing, as links; or, when nothing is, the one question before the review is locked."""
    review = open_review(request, review_id)
    if review.locked:
        return redirect("reviews:workspace", review_id)
    if request.method == "POST":
        try:
            submit_review(
                review_id=review_id,
                version=number_typed(request.POST.get("version", "")),
                user=request.user,
                now=timezone.now(),
            )
        except (Unfinished, MarkUnfit):
            return redirect("reviews:submit", review_id)
        except MarksChanged as conflict:
            messages.error(request, str(conflict.message))
            return redirect("reviews:submit", review_id)
        messages.success(request, _("The review was submitted and is locked."))
        return _next_file(request)
    standard = standard_of(review.assignment.checklist)
    marks = stored_marks(review.pk, standard)
    ledger = stored_ledger(review.pk)
    case, values = review.assignment.case, values_of(marks)
    lacking = [
        *defects(standard.sheet, values),
        *out_of_stage(standard.sheet, values, case_type=case.case_type, stage=case.stage),
    ]
    clients = client_names(case)
    result = total(standard.sheet, values)
    context = {
        "review": review,
        "case": case,
        "lacking": [(standard.items[each.item], each.missing) for each in lacking],
        "unfit": [(standard.items[each.item], each.why) for each in unfit_marks(marks, clients=clients)],
        "ledger_lacks": [(each, each.item.removeprefix("L")) for each in ledger_lacks(standard, marks, ledger)],
        "ledger_unfit": [(each.item.removeprefix("L"), each.why) for each in unfit_arguments(ledger, clients=clients)],
        "ledger_empty": not ledger and ledger_item(standard.sheet) is not None,
        "total": half_up(result.score),
        "band": result.band,
        "limited": result.limited,
        "vetoes": [row for row in veto_rows(review, standard) if row.mark],
    }
    return render(request, "reviews/submit.html", context)


def _next_file(request: SignedInRequest) -> HttpResponse:
    following = files_of_reader(request.user).filter(state=AssignmentState.OPEN).first()
    return redirect("reviews:workspace", following.review.public_id) if following else redirect("reviews:my-reviews")


@require_POST
@roles_required(Role.REVIEWER)
def decline(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    review = own_review(request, review_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you give the file back."))
        return redirect("reviews:workspace", review_id)
    _row, *others = give_back(assignment=review.assignment, **form.cleaned_data, user=request.user, now=timezone.now())
    messages.success(request, _("You have given the file back."))
    say_what_went_back(request, others)
    return redirect("reviews:my-reviews")


@require_POST
@roles_required(Role.REVIEWER)
def catalogue(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    review = open_review(request, review_id)
    titles = {paper["code"]: in_language(paper["title"]) for paper in review.assignment.checklist.catalogue}
    typed, shown = (
        {code: request.POST.get(f"{box}-{code}", "").strip() for code in titles} for box in ("paper", "was")
    )
    try:
        save_catalogue(review_id=review_id, typed=typed, shown=shown, user=request.user, now=timezone.now())
    except InvalidInput as error:
        title = titles.get(error.field, "")
        messages.error(request, f"{title} · {error.message}" if title else str(error.message))
        return _with_what_is_stored(request, review, papers=(typed, shown), status=error.status)
    messages.success(request, _("The catalogue was saved."))
    return redirect("reviews:workspace", review_id)


@require_POST
@roles_required(Role.REVIEWER)
def veto(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    review = open_review(request, review_id)
    code = request.POST.get("veto", "")
    try:
        if request.POST.get("act") == "take-back":
            take_back_veto(review_id=review.public_id, code=code, user=request.user, now=timezone.now())
        else:
            mark_veto(
                review_id=review.public_id,
                code=code,
                statement=request.POST.get("statement", ""),
                page=request.POST.get("page", ""),
                user=request.user,
                now=timezone.now(),
            )
    except DomainError as error:
        messages.error(request, str(error.message))
        return _with_what_is_stored(request, review, refused=code, status=error.status)
    return redirect(f"{reverse('reviews:workspace', args=[review_id])}#vetoes")


def _typed(request: HttpRequest, codes: list[str]) -> Marks:
    return {code: {field: request.POST.get(f"{code}-{field}", "").strip() for field in FIELDS} for code in codes}


def _loaded(request: HttpRequest, codes: list[str]) -> Marks:
    """The marks as they stood when the form was loaded; of what cannot be read nothing had been marked."""
    return {code: loaded_mark(request.POST.get(f"{code}-was", "")) for code in codes}


def _typed_ledger(request: HttpRequest) -> Ledger:
    """The lines of the form; a form without them touches none."""
    return {
        number: {name: request.POST.get(f"L{number}-{name}", "").strip() for name in ARGUMENT_FIELDS}
        for number in range(1, MOST_ARGUMENTS + 1)
        if f"L{number}-words" in request.POST
    }


def _loaded_ledger(request: HttpRequest) -> Ledger:
    numbers = range(1, MOST_ARGUMENTS + 1)
    return {number: loaded_argument(request.POST.get(f"L{number}-was", "")) for number in numbers}


def _changed_lines(ledger: Ledger, loaded: Ledger) -> list[ArgumentEntry]:
    """What this window changed: a line that was and is blank makes no row."""
    changed = ((number, line) for number, line in ledger.items() if line != loaded.get(number, blank_argument()))
    return [ArgumentEntry(number=number, **line) for number, line in changed]


def _coded(ledger: Ledger) -> Marks:
    """Lines by text, as two windows' marks come together by it."""
    return {str(number): line for number, line in ledger.items()}


def _comments(request: HttpRequest) -> tuple[str | None, str]:
    """The comment on the whole file, where this window changed it, and as it stood when the form was loaded.

    What this window never touched takes nothing away.
    """
    typed, was = (request.POST.get(name, "").replace("\r\n", "\n").strip() for name in ("comment", "comment-was"))
    return None if typed == was or "comment" not in request.POST else typed, was
