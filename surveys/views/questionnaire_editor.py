"""The pages on which a draft is written: heading, questions, texts. Without JavaScript; nothing typed is lost."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.drafts import NotADraft, revision_in
from qa_service.common.errors import Conflict, NotFound
from surveys import blueprint as plans
from surveys.blueprint import Blueprint, Misshapen
from surveys.blueprint.document import to_document
from surveys.blueprint.reading import Fault
from surveys.enums import Publication
from surveys.languages import IN_A_FILE
from surveys.models import Questionnaire
from surveys.models.questionnaires import EDITORS
from surveys.queries import questionnaires as queries
from surveys.queries.problems import fault_told, told
from surveys.services.questionnaires import drafts
from surveys.texts import NAMES, TEMPLATES
from surveys.views.questionnaire_forms import (
    SPARE_ROWS,
    HeadingForm,
    new_question,
    question_boxes,
    question_typed,
    ready_rows,
    spoken,
    stored_question,
    texts_typed,
)

MORE_ROWS = 6


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def heading(request: HttpRequest, public_id: UUID) -> HttpResponse:
    draft, blueprint = _draft(request, public_id)
    form = HeadingForm(request.POST or None, blueprint=blueprint)
    if request.method == "POST" and form.is_valid():
        titles, languages = form.titles, tuple(form.cleaned_data["languages"])
        refusal = _refused(request, draft, lambda now: plans.with_heading(now, titles=titles, languages=languages))
        if not refusal:
            return _back(draft)
        form.add_error(None, refusal)
        draft.refresh_from_db()
    context = {"questionnaire": draft, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/staff/questionnaire_heading.html", context, status=status)


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_question(request: HttpRequest, public_id: UUID) -> HttpResponse:
    draft, blueprint = _draft(request, public_id)
    document = new_question(plans.code_free(blueprint))
    return _question_page(
        request, draft, blueprint, document=document, scale=plans.Scale.CHOICE, place=len(blueprint.questions), code=""
    )


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_question(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    draft, blueprint = _draft(request, public_id)
    found = blueprint.question(code)
    if found is None:
        raise NotFound("")
    document, scale = stored_question(found)
    place = blueprint.questions.index(found)
    return _question_page(request, draft, blueprint, document=document, scale=scale, place=place, code=code)


def _question_page(
    request: HttpRequest,
    draft: Questionnaire,
    blueprint: Blueprint,
    *,
    document: dict[str, Any],
    scale: plans.Scale,
    place: int,
    code: str,
) -> HttpResponse:
    """`code` empty: a new question."""
    faults: tuple[Fault, ...] = ()
    spare, status, refusal = SPARE_ROWS, 200, ""
    if request.method == "POST":
        document, scale = question_typed(request.POST, blueprint)
        act = request.POST.get("act", "save")
        if act == "fill":
            document["choices"] = ready_rows(scale)
        elif act == "more":
            spare = MORE_ROWS
        else:
            try:
                question = plans.read_question(document)
            except Misshapen as refused:
                faults, status = refused.faults, 422
            else:
                refusal = _refused(
                    request,
                    draft,
                    lambda now: plans.replaced(now, code, question) if code else plans.added(now, question),
                )
                if not refusal:
                    return _back(draft, f"#question-{question.code}")
                status = 409
    context = {
        "questionnaire": draft,
        "boxes": question_boxes(document, scale=scale, blueprint=blueprint, place=place, spare=spare),
        "languages": spoken(blueprint),
        "faults": [(_box_of(fault.path), fault_told(fault)) for fault in faults],
        "code": code,
        **_stand(request, draft, refusal),
    }
    return render(request, "surveys/staff/questionnaire_question.html", context, status=status)


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The questionnaire's own texts to telephones, each beside the one it takes the place of."""
    draft, blueprint = _draft(request, public_id)
    faults: tuple[Fault, ...] = ()
    typed = to_document(blueprint).get("texts", {})
    status, refusal = 200, ""
    if request.method == "POST":
        typed = texts_typed(request.POST, blueprint)
        try:
            read = plans.read_texts(typed)
        except Misshapen as refused:
            faults, status = refused.faults, 422
        else:
            refusal = _refused(request, draft, lambda now: plans.with_texts(now, read))
            if not refusal:
                return _back(draft, "#texts")
            status = 409
    found = [
        problem for problem in queries.problems_of(blueprint, owner=draft.owner) if problem.path.startswith("texts.")
    ]
    context = {
        "questionnaire": draft,
        "texts": [(name, _text_rows(name, typed.get(name, {}), blueprint)) for name in NAMES],
        "faults": [(_box_of(fault.path), fault_told(fault)) for fault in faults],
        "problems": [(_box_of(problem.path), f"{problem.path}: {told(problem)}") for problem in found],
        **_stand(request, draft, refusal),
    }
    return render(request, "surveys/staff/questionnaire_texts.html", context, status=status)


def _text_rows(name: str, typed: dict[str, str], blueprint: Blueprint) -> list[dict[str, Any]]:
    """One row a language: what is typed, and what is sent where nothing is."""
    return [
        {
            "language": language,
            "name": f"texts-{name}-{IN_A_FILE[language.code]}",
            "value": typed.get(IN_A_FILE[language.code], ""),
            "ours": TEMPLATES[NAMES[name]].get(language.code, ""),
        }
        for language in spoken(blueprint)
    ]


@roles_required(*EDITORS)
@require_POST
def arrange(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """Move a question up or down, or take it away."""
    draft, blueprint = _draft(request, public_id)
    if blueprint.question(code) is None:
        raise NotFound("")
    act = request.POST.get("act", "")
    edits: dict[str, Callable[[Blueprint], Blueprint]] = {
        "up": lambda now: plans.moved(now, code, by=-1),
        "down": lambda now: plans.moved(now, code, by=1),
        "remove": lambda now: plans.without(now, code),
    }
    if act not in edits:
        return redirect("surveys:questionnaire", public_id)
    refusal = _refused(request, draft, edits[act])
    if refusal:
        messages.error(request, refusal)
    return _back(draft, f"#question-{code}" if act != "remove" else "#questions")


def _draft(request: HttpRequest, public_id: UUID) -> tuple[Questionnaire, Blueprint]:
    """:raises NotADraft: what is published is not edited."""
    found = queries.questionnaire_edited(user=cast("User", request.user), public_id=public_id)
    if found.state != Publication.DRAFT:
        raise NotADraft(drafts.PUBLISHED_MEANWHILE)
    return found, queries.blueprint_of(found)


def _refused(request: HttpRequest, draft: Questionnaire, edit: Callable[[Blueprint], Blueprint]) -> str:
    """Why the edit was not taken; empty where it was."""
    user = cast("User", request.user)
    try:
        drafts.change_draft(
            questionnaire=draft, edit=edit, revision=revision_in(request), actor=user.actor, now=timezone.now()
        )
    except Conflict as refused:
        return str(refused.message)
    return ""


def _stand(request: HttpRequest, draft: Questionnaire, refusal: str) -> dict[str, Any]:
    """What the page was read at; after a refusal what the draft has come to, so that saving again is a decision."""
    if refusal:
        draft.refresh_from_db()
        return {"refusal": refusal, "revision": draft.revision}
    return {"refusal": "", "revision": request.POST.get("revision", draft.revision)}


def _back(draft: Questionnaire, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('surveys:questionnaire', args=[draft.public_id])}{anchor}")


def _box_of(path: str) -> str:
    """The id of the box that holds a place of the file: `choices[1].zh` is `choices-1-zh`."""
    if path.startswith("texts."):  # the names of texts have a dot of their own
        return "texts-" + "-".join(path.removeprefix("texts.").rsplit(".", 1))
    return path.replace("[", "-").replace("]", "").replace(".", "-")
