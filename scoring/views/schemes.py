"""Schemes: versions and what they weigh when, writing a draft, files, what a draft would come to, publishing."""

import json
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.downloads import disposition
from qa_service.common.drafts import DraftExists, revision_in
from qa_service.common.errors import Conflict, InvalidInput, NotFound
from qa_service.common.json_files import LONGEST_FILE, FileUnreadable, document_in, unreadable_told
from qa_service.common.period_names import name_of, period_named
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up, with_sign
from scoring.calculation import Foresight, Move
from scoring.calculation.method import BOXES, REQUIRED, Misshapen, flat, problems, shares
from scoring.enums import SourceKind
from scoring.forms.schemes import TITLES, PublishForm, SchemeFileForm, SchemeForm, faults_told, label_of, problem_told
from scoring.forms.standings import periods_offered
from scoring.models import CaseScore, Scheme
from scoring.models.schemes import WRITERS, may_write_schemes
from scoring.queries import schemes as queries
from scoring.queries.foresight import case_foreseen, foresight, period_before
from scoring.services import schemes as services

READERS = (Role.LAWYER, Role.FIRM, *WRITERS)
CASES_A_PAGE = 50
DIRECTIONS = ("up", "down", "other")


@roles_required(*READERS)
@require_safe
def scheme_list(request: SignedInRequest) -> HttpResponse:
    seen = list(queries.schemes_seen(request.user))
    context = {
        "spans": queries.spans_of(seen),
        "may_write": may_write_schemes(request.user),
        "has_draft": any(each.published_at is None for each in seen),
        "is_writer": request.user.has_role(*WRITERS),
    }
    return render(request, "scoring/schemes.html", context)


@roles_required(*READERS)
@require_safe
def scheme(request: SignedInRequest, version: int) -> HttpResponse:
    """One version: its figures, what forbids to publish it, which cases it weighs."""
    return _shown(request, queries.scheme_seen(user=request.user, version=version))


def _shown(
    request: SignedInRequest, found: Scheme, *, form: PublishForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    is_draft = found.published_at is None
    next_quarter = Period.quarter_of(timezone.localdate()).end
    figures = flat(found.rules)
    wrong = problems(found.rules) if is_draft else ()
    of_sources = shares(found.rules)
    context = {
        "scheme": found,
        "span": next(each for each in queries.spans_of(queries.schemes_seen(request.user)) if each.scheme == found),
        "is_draft": is_draft,
        "problems": [(problem.group, TITLES[problem.group], problem_told(problem)) for problem in wrong],
        "sources": [
            (source.label, figures[f"case_weights.{source}"], half_up(share, places=1), source in figures[REQUIRED])
            for source, share in of_sources.items()
        ],
        "parts": [
            (name, TITLES[name], [(label_of(box.name), figures[box.name]) for box in boxes])
            for name, boxes in BOXES.items()
            if name != "sources"
        ],
        "always": SourceKind.FILE_REVIEW.label,
        "form": form or PublishForm(initial={"effective_from": next_quarter}),
    }
    return render(request, "scoring/scheme.html", context, status=status)


@roles_required(*WRITERS)
@require_POST
def begin(request: SignedInRequest) -> HttpResponse:
    """The next version, with the figures of the one published last."""
    _writer(request)
    try:
        draft = services.begin_draft(
            figures=flat(queries.scheme_in_force().rules), user=request.user, now=timezone.now()
        )
    except DraftExists as refused:
        messages.error(request, str(refused.message))
        return redirect("scoring:schemes")
    return redirect("scoring:scheme-edit", draft.version)


@roles_required(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, version: int) -> HttpResponse:
    """All figures on one page. What was typed stays in its boxes until it is taken."""
    draft = queries.scheme_edited(user=request.user, version=version)
    form = SchemeForm(request.POST or None, initial=flat(draft.rules) | {"note": draft.note})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                services.change_draft(
                    scheme=draft,
                    figures=form.figures,
                    note=form.cleaned_data["note"],
                    revision=revision_in(request),
                    user=request.user,
                    now=timezone.now(),
                )
            except Conflict as refused:
                form.add_error(None, str(refused.message))
                # Saving again is a decision, made on what the draft has come to.
                draft = queries.scheme_edited(user=request.user, version=version)
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, _("The draft is saved. Nothing is weighed by it until it is published."))
                return redirect("scoring:scheme", version)
    return render(request, "scoring/scheme_edit.html", {"scheme": draft, "form": form}, status=status)


@roles_required(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SignedInRequest) -> HttpResponse:
    """A draft from a file as the export gives it; each fault is told with its place."""
    _writer(request)
    form = SchemeFileForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        read, faults = _read(form.cleaned_data["file"].read(LONGEST_FILE + 1))
        if read is not None:
            try:
                draft = services.begin_draft(
                    figures=read.figures, note=read.cleaned_data["note"], user=request.user, now=timezone.now()
                )
            except DraftExists as refused:
                form.add_error("file", str(refused.message))
            else:
                messages.success(
                    request, _("The file was taken as a draft. Nothing is weighed by it until you publish it.")
                )
                return redirect("scoring:scheme", draft.version)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "scoring/scheme_import.html", {"form": form, "faults": faults}, status=status)


def _read(content: bytes) -> tuple[SchemeForm | None, list[str]]:
    """The figures of a file, or what is wrong with it."""
    try:
        document = document_in(content)
    except FileUnreadable as refused:
        return None, [unreadable_told(refused)]
    held = document if isinstance(document, dict) else {}
    try:
        figures = flat(held.get("rules"))
    except Misshapen as refused:
        missing = [_("%(path)s is missing.") % {"path": path} for path in refused.missing]
        return None, missing + [_("%(path)s belongs to no scheme.") % {"path": path} for path in refused.unknown]
    form = SchemeForm(figures | {"note": held.get("note", "")})
    return (form, []) if form.is_valid() else (None, faults_told(form))


@roles_required(*READERS)
@require_safe
def as_json(request: SignedInRequest, version: int) -> HttpResponse:
    """`version` is told for the reader of the file, and never read back."""
    found = queries.scheme_seen(user=request.user, version=version)
    document = {"version": found.version, "note": found.note, "rules": found.rules}
    name = f"scheme-v{found.version}.json"
    return HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": disposition(name, plain=name)},
    )


@roles_required(*WRITERS)
@require_safe
@never_cache
def what_if(request: SignedInRequest, version: int) -> HttpResponse:
    """A period weighed by the draft, beside what it comes to today. Nothing is written."""
    draft, today = _sound_draft(request, version), timezone.localdate()
    named = request.GET.get("period", "")
    period = period_named(named) if named else period_before(today)
    found = foresight(user=request.user, draft=draft, period=period, today=today)
    chosen = request.GET.get("direction", "")
    moves = [move for move in found.changed if chosen not in DIRECTIONS or _direction(move) == chosen]
    page = Paginator(moves, CASES_A_PAGE).get_page(request.GET.get("page"))
    rows = CaseScore.objects.filter(pk__in=[move.row for move in page]).select_related("case", "lawyer").in_bulk()
    context = {
        "scheme": draft,
        "found": found,
        "mean_before": _rounded(found, "mean_before"),
        "mean_after": _rounded(found, "mean_after"),
        "distribution": [
            (grade.label, before, after, with_sign(by)) for grade, before, after, by in found.distribution
        ],
        "page": page,
        "rows": [
            (rows[move.row], move.before.label, _figure(move.score_before), move.after.label, _figure(move.score_after))
            for move in page
        ],
        "periods": periods_offered(today, name_of(period)),
        "chosen_period": name_of(period),
        "direction": chosen if chosen in DIRECTIONS else "",
    }
    return render(request, "scoring/scheme_what_if.html", context)


@roles_required(*WRITERS)
@require_safe
@never_cache
def what_if_case(request: SignedInRequest, version: int, case_id: UUID) -> HttpResponse:
    """One case, source by source, as it stands and as the draft would have it."""
    draft = _sound_draft(request, version)
    seen = CaseScore.objects.current().visible_to(request.user).select_related("case", "lawyer", "firm", "scheme")
    score = get_object_or_404(seen, case__public_id=case_id)
    context = {"scheme": draft, "seen": case_foreseen(draft=draft, score=score, today=timezone.localdate())}
    return render(request, "scoring/scheme_what_if_case.html", context)


@roles_required(*WRITERS)
@require_POST
def publish(request: SignedInRequest, version: int) -> HttpResponse:
    found = queries.scheme_edited(user=request.user, version=version)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        services.publish_draft(
            scheme=found,
            revision=revision_in(request),
            effective_from=form.cleaned_data["effective_from"],
            user=request.user,
            now=timezone.now(),
        )
    except services.DayWeighed as refused:
        form.add_error("effective_from", str(refused.message))
        return _shown(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except InvalidInput:
        return _shown(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY)  # its problems stand on its page
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Published. From now on it cannot be changed; a change is a new version."))
    return redirect("scoring:scheme", version)


@roles_required(*WRITERS)
@require_POST
def discard(request: SignedInRequest, version: int) -> HttpResponse:
    found = queries.scheme_edited(user=request.user, version=version)
    services.discard_draft(scheme=found, user=request.user, now=timezone.now())
    messages.success(request, _("The draft was given up."))
    return redirect("scoring:schemes")


def _writer(request: SignedInRequest) -> None:
    """:raises NotFound: the method serves centres that this person does not reach."""
    if not may_write_schemes(request.user):
        raise NotFound("")


def _sound_draft(request: SignedInRequest, version: int) -> Scheme:
    """:raises Unsound: it holds together too little to weigh anything."""
    draft = queries.scheme_edited(user=request.user, version=version)
    found = problems(draft.rules)
    if found:
        raise services.Unsound(found)
    return draft


def _direction(move: Move) -> str:
    return "up" if move.up else "down" if move.down else "other"


def _rounded(found: Foresight, name: str) -> object:
    return _figure(getattr(found, name))


def _figure(value: object) -> object:
    return None if value is None else half_up(value)  # type: ignore[arg-type]
