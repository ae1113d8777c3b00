"""One file of a calibration round before its panel: the marks side by side, what is agreed on, and the file itself."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from reviews.enums import MANAGING, CalibrationState
from reviews.merging import merged
from reviews.models import CalibrationFile, CalibrationRound
from reviews.queries.calibration import ItemDiscussed, file_discussed
from reviews.queries.checklists import standard_of
from reviews.queries.loaded import loaded_words
from reviews.services.assignments import require_untied
from reviews.services.calibration import AgreedEntry, AgreementChanged, agree_on_file
from reviews.views.own_marks import typed_version
from reviews.views.viewer import picture_of, reading

AGREED = ("anchor", "reason")
# By item code.
Words = Mapping[str, Mapping[str, str]]
DOORS = ("reviews:read-calibration-file", "reviews:read-calibration-page")


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def file(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """The marks of one file side by side, and what the panel agrees on."""
    row = _discussed(request, file_id)
    if request.method == "POST":
        return _agree(request, row)
    return _file_page(request, row)


def _discussed(request: SignedInRequest, file_id: UUID) -> CalibrationFile:
    rounds_seen = CalibrationRound.objects.visible_to(request.user).filter(state=CalibrationState.DISCUSSION)
    rows = CalibrationFile.objects.filter(round__in=rounds_seen).select_related(
        "round__checklist", "round__centre__settings", "case__lawyer", "case__centre__settings"
    )
    found: CalibrationFile = get_object_or_404(rows, public_id=file_id)
    return found


@require_GET
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def read(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """The file itself, for the panel that talks its marks over."""
    row = _discussed(request, file_id)
    require_untied(case=row.case, user=request.user)
    context = {
        "case": row.case,
        "back": reverse("reviews:calibration-file", args=[row.public_id]),
        "here": reverse(DOORS[0], args=[row.public_id]),
    } | reading(request, row.case, owner=row.public_id, doors=DOORS)
    return render(request, "reviews/read_scans.html", context)


@require_GET
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def picture(request: SignedInRequest, file_id: UUID, scan_id: UUID, number: int) -> HttpResponse:
    case = _discussed(request, file_id).case
    require_untied(case=case, user=request.user)
    return picture_of(request, case, scan=scan_id, number=number)


def _agree(request: SignedInRequest, row: CalibrationFile) -> HttpResponse:
    codes = list(standard_of(row.round.checklist).items)
    typed = {code: {name: request.POST.get(f"{code}-{name}", "").strip() for name in AGREED} for code in codes}
    loaded = {code: loaded_words(request.POST.get(f"{code}-was", ""), AGREED) or {} for code in codes}
    try:
        agree_on_file(
            file=row,
            version=typed_version(request),
            entries=[AgreedEntry(code, **words) for code, words in typed.items()],
            note=request.POST.get("note", ""),
            user=request.user,
            now=timezone.now(),
        )
    except AgreementChanged as error:
        messages.error(request, str(error.message))
        messages.error(
            request, _("What only they changed is here too; beside what both of you changed stands what they saved.")
        )
        return _beside_theirs(request, row, typed=typed, loaded=loaded)
    except DomainError as error:
        messages.error(request, str(error.message))
        note = _line_ends(request.POST.get("note", "")), _line_ends(request.POST.get("note-was", ""))
        return _file_page(request, row, shown=typed, was=loaded, note=note, status=error.status)
    messages.success(request, _("Saved"))
    return redirect("reviews:calibration", row.round.public_id)


def _beside_theirs(request: SignedInRequest, row: CalibrationFile, *, typed: Words, loaded: Words) -> HttpResponse:
    """What this window changed and what only another of the panel did together, to be saved again by the person."""
    row.refresh_from_db(fields=["version", "note"])
    stored = {item.code: {"anchor": item.anchor, "reason": item.reason} for item in file_discussed(row)}
    found = merged(loaded=loaded, mine=typed, theirs=stored)
    mine, before = (_line_ends(request.POST.get(name, "")) for name in ("note", "note-was"))
    both_wrote = mine != before and row.note not in (before, mine)
    return _file_page(
        request,
        row,
        shown=found.marks,
        was=stored,
        theirs={code: stored[code] for code in found.conflicting},
        note=(row.note if mine == before else mine, row.note),
        their_note=row.note if both_wrote else None,
        status=HTTPStatus.CONFLICT,
    )


def _file_page(
    request: SignedInRequest,
    row: CalibrationFile,
    *,
    shown: Words | None = None,
    was: Words | None = None,
    theirs: Words | None = None,
    note: tuple[str, str] | None = None,
    their_note: str | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """`shown` are items and `note` the record as typed, each beside `was`, as it stood before; `theirs` and
    `their_note` what another saved of what was changed here too.
    """
    lines = []
    for item in file_discussed(row):
        words = _filled(item, (shown or {}).get(item.code))
        before = words if was is None else was[item.code]
        other = (theirs or {}).get(item.code)
        lines.append((item, words, json.dumps([before.get(name, "") for name in AGREED], ensure_ascii=False), other))
    context = {
        "row": row,
        "case": row.case,
        "items": [(item, words, before, _in_words(item, other)) for item, words, before, other in lines],
        "note": note or (row.note, row.note),
        "their_note": their_note,
        "settles": row.round.panelists.filter(person=request.user).exists(),
    }
    return render(request, "reviews/calibration_file.html", context, status=status)


def _filled(item: ItemDiscussed, shown: Mapping[str, str] | None) -> Mapping[str, str]:
    """As typed, else as stored; what all marked alike stands there already."""
    if shown is not None and any(shown.values()):
        return shown
    if shown is None and item.anchor:
        return {"anchor": item.anchor, "reason": item.reason}
    if shown is None and item.unanimous:
        return {"anchor": item.given[0].anchor_value, "reason": _("All reviewers marked it so.")}
    return dict.fromkeys(AGREED, "")


def _in_words(item: ItemDiscussed, other: Mapping[str, str] | None) -> str:
    """What another saved, empty where it is nothing to look at."""
    if other is None:
        return ""
    return " · ".join(filter(None, [dict(item.anchors).get(other["anchor"], ""), other["reason"]])) or "—"


def _line_ends(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip()
