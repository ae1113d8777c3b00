"""The pages on which a draft is written: heading, sections, items, reasons, vetoes, papers. Nothing typed is lost."""

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.drafts import NotADraft, revision_in
from qa_service.common.errors import Conflict, NotFound
from reviews import blueprint as plans
from reviews.blueprint import Document, Misshapen, read_part
from reviews.blueprint.edits import UnknownPart
from reviews.blueprint.soundness import points_of
from reviews.enums import MANAGING, ChecklistState, Measure
from reviews.forms import checklists as typed
from reviews.forms.checklists import Group, HeadingForm
from reviews.models import Checklist
from reviews.queries.checklist_problems import fault_told
from reviews.queries.checklist_versions import checklist_edited
from reviews.queries.checklists import document_of
from reviews.services import checklist_drafts as drafts

MORE_ROWS = 8
ROW_TITLES = {
    "reasons": gettext_lazy("Reasons for taking points off"),
    "vetoes": gettext_lazy("Veto items"),
    "catalogue": gettext_lazy("Papers of a complete file"),
}
WITH_ROWS: dict[str, Callable[[Document, Any], Document]] = {
    "reasons": plans.with_reasons,
    "vetoes": plans.with_vetoes,
    "catalogue": plans.with_catalogue,
}
Edit = Callable[[Document], Document]


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def heading(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft, document = _draft(request, public_id)
    form = HeadingForm(request.POST or None, document=document, first=draft.version == 1)
    if request.method == "POST" and form.is_valid():
        try:
            part = read_part("heading", form.heading(draft.code))
        except Misshapen as refused:
            for fault in refused.faults:
                form.add_error(fault.field.replace(".", "_"), fault_told(fault))
        else:
            refusal = _refused(request, draft, lambda now: plans.with_heading(now, part))
            if not refusal:
                return _back(draft)
            form.add_error(None, refusal)
            draft.refresh_from_db()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "reviews/checklist_heading.html", {"checklist": draft, "form": form}, status=status)


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def add_section(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft, document = _draft(request, public_id)
    taken = {part["code"] for part in document["sections"]}
    free = next((letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in taken), "")
    return _section_page(request, draft, section=typed.new_section(free), code="")


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_section(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    draft, document = _draft(request, public_id)
    section = next((part for part in document["sections"] if part["code"] == code), None)
    if section is None:
        raise NotFound("")
    return _section_page(request, draft, section=section, code=code)


def _section_page(request: SignedInRequest, draft: Checklist, *, section: Document, code: str) -> HttpResponse:
    """`code` empty: a new section."""
    outcome = _Outcome()
    if request.method == "POST":
        section = typed.section_typed(request.POST)
        try:
            part = read_part("section", section)
        except Misshapen as refused:
            outcome = _Outcome(refused)
        else:
            outcome.refusal = _refused(
                request,
                draft,
                lambda now: plans.replaced_section(now, code, part) if code else plans.added_section(now, part),
            )
            if not outcome.refusal:
                return _back(draft, f"#part-{part['code']}")
    title = _("Edit the section") if code else _("Add a section")
    return _page(request, draft, outcome, title=title, code=code, groups=typed.section_groups(section))


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    """A new item of the section `code`."""
    draft, document = _draft(request, public_id)
    if not any(part["code"] == code for part in document["sections"]):
        raise NotFound("")
    item = typed.new_item(plans.code_free(document, prefix=code), document)
    return _item_page(request, draft, document, item=item, section_code=code, code="")


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    draft, document = _draft(request, public_id)
    for section in document["sections"]:
        for item in section["items"]:
            if item["code"] == code:
                return _item_page(request, draft, document, item=item, section_code=section["code"], code=code)
    raise NotFound("")


def _item_page(
    request: SignedInRequest, draft: Checklist, document: Document, *, item: Document, section_code: str, code: str
) -> HttpResponse:
    """`code` empty: a new item."""
    outcome = _Outcome()
    if request.method == "POST":
        item, section_code = typed.item_typed(request.POST)
        try:
            part = read_part("item", item)
        except Misshapen as refused:
            outcome = _Outcome(refused)
        else:
            chosen = section_code
            outcome.refusal = _refused(
                request,
                draft,
                lambda now: (
                    plans.replaced_item(now, code, part, section_code=chosen)
                    if code
                    else plans.added_item(now, chosen, part)
                ),
            )
            if not outcome.refusal:
                return _back(draft, f"#part-{part['code']}")
    groups = typed.item_groups(item, document, section_code=section_code)
    title = _("Edit the item") if code else _("Add an item")
    others = _points_besides(document, code) if document["measure"] == Measure.POINTS else None
    return _page(request, draft, outcome, title=title, code=code, groups=groups, others=others)


def _points_besides(document: Document, code: str) -> str:
    """Of all items but this one."""
    own = (Decimal(item["points"]) for part in document["sections"] for item in part["items"] if item["code"] == code)
    return f"{(points_of(document) - sum(own)).normalize():f}"


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: SignedInRequest, public_id: UUID, name: str) -> HttpResponse:
    """Reasons, veto items or papers: rows of like boxes."""
    draft, document = _draft(request, public_id)
    if name not in WITH_ROWS:
        raise NotFound("")
    written = typed.rows_of(name, document)
    outcome, spare = _Outcome(), typed.SPARE_ROWS
    if request.method == "POST":
        written = typed.rows_typed(name, request.POST)
        if request.POST.get("act") == "more":
            spare = MORE_ROWS
        else:
            try:
                part = read_part(name, typed.part_of(name, written))
            except Misshapen as refused:
                outcome = _Outcome(refused, rows=written)
            else:
                outcome.refusal = _refused(request, draft, lambda now: WITH_ROWS[name](now, part))
                if not outcome.refusal:
                    return _back(draft, f"#{name}")
    groups = typed.row_groups(name, written, spare=spare)
    return _page(request, draft, outcome, title=str(ROW_TITLES[name]), code="", groups=groups, rows=True)


@roles_required(*MANAGING)
@require_POST
def arrange(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    """Move a section or an item up or down, or take it away."""
    draft, _document = _draft(request, public_id)
    act = request.POST.get("act", "")
    edits: dict[str, Edit] = {
        "up": lambda now: plans.moved(now, code, by=-1),
        "down": lambda now: plans.moved(now, code, by=1),
        "remove": lambda now: plans.without(now, code),
    }
    if act not in edits:
        return redirect("reviews:checklist", public_id)
    refusal = _refused(request, draft, edits[act])
    if refusal:
        messages.error(request, refusal)
    return _back(draft, f"#part-{code}" if act != "remove" else "#sections")


class _Outcome:
    """Why what was typed is not taken: faults with their boxes, or that the draft has changed meanwhile."""

    def __init__(self, refused: Misshapen | None = None, *, rows: list[Document] | None = None) -> None:
        faults = refused.faults if refused else ()
        self.faults = [(typed.box_of(fault, rows or ()), fault_told(fault)) for fault in faults]
        self.refusal = ""

    @property
    def status(self) -> int:
        if self.refusal:
            return HTTPStatus.CONFLICT
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.faults else HTTPStatus.OK


def _page(request: SignedInRequest, draft: Checklist, outcome: _Outcome, **context: Any) -> HttpResponse:
    revision: Any = request.POST.get("revision", draft.revision)
    if outcome.refusal:
        # Saving again is a decision, made on what the draft has come to.
        draft.refresh_from_db()
        revision = draft.revision
    groups: list[Group] = context["groups"]
    context |= {"checklist": draft, "faults": outcome.faults, "refusal": outcome.refusal, "revision": revision}
    return render(request, "reviews/checklist_part.html", context | {"groups": groups}, status=outcome.status)


def _draft(request: SignedInRequest, public_id: UUID) -> tuple[Checklist, Document]:
    """:raises NotADraft: what is published is not edited."""
    found = checklist_edited(user=request.user, public_id=public_id)
    if found.state != ChecklistState.DRAFT:
        raise NotADraft(drafts.PUBLISHED_MEANWHILE)
    return found, document_of(found)


def _refused(request: SignedInRequest, draft: Checklist, edit: Edit) -> str:
    """Why the edit was not taken; empty where it was."""
    try:
        drafts.change_draft(
            checklist=draft, edit=edit, revision=revision_in(request), user=request.user, now=timezone.now()
        )
    except Conflict as refused:
        return str(refused.message)
    except UnknownPart:
        return _("This part is no longer there.")
    return ""


def _back(draft: Checklist, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('reviews:checklist', args=[draft.public_id])}{anchor}")
