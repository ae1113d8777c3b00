"""Questionnaires: their versions, what forbids to publish them, and who asks by them."""

import json
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.drafts import DraftExists, revision_in
from qa_service.common.errors import Conflict
from qa_service.common.json_files import FileUnreadable, document_in, unreadable_told
from surveys.blueprint import Misshapen, read_document, to_document
from surveys.blueprint.soundness import lacking
from surveys.enums import Publication
from surveys.languages import LANGUAGES
from surveys.models import Plan, Questionnaire
from surveys.models.questionnaires import EDITORS, READERS
from surveys.queries import questionnaires as queries
from surveys.queries.problems import fault_told, question_meant, told
from surveys.services.questionnaires import drafts
from surveys.views.questionnaire_forms import ImportForm, NewForm, shown_question

PAGE_SIZE = 25


@roles_required(*READERS)
@require_safe
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    page = Paginator(queries.questionnaire_keys(user), PAGE_SIZE).get_page(request.GET.get("page"))
    families = queries.questionnaire_families(user, list(page.object_list))
    context = {"page": page, "families": families, "may_edit": user.has_role(*EDITORS)}
    return render(request, "surveys/staff/questionnaires.html", context)


@roles_required(*READERS)
@require_safe
def questionnaire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One version: its questions, what forbids to publish it, its other versions."""
    user = cast("User", request.user)
    found = queries.questionnaire_seen(user=user, public_id=public_id)
    return _shown(request, user, found)


def _shown(request: HttpRequest, user: User, found: Questionnaire, *, status: int = 200) -> HttpResponse:
    blueprint = queries.blueprint_of(found)
    draft = found.state == Publication.DRAFT
    problems = queries.problems_of(blueprint, owner=found.owner) if draft else ()
    versions = Questionnaire.objects.visible_to(user).filter(key=found.key).defer("draft").order_by("-version")
    editable = Questionnaire.objects.editable_by(user).filter(pk=found.pk).exists()
    context = {
        "questionnaire": found,
        "blueprint": blueprint,
        "questions": [shown_question(question, blueprint) for question in blueprint.questions],
        "problems": [(told(problem), problem.path, question_meant(problem, blueprint)) for problem in problems],
        "languages": [(LANGUAGES[code], lacking(blueprint, code)) for code in blueprint.languages],
        "versions": versions,
        "has_draft": any(version.state == Publication.DRAFT for version in versions),
        "is_draft": draft,
        "may_edit": editable,
        "may_begin": user.has_role(*EDITORS),
        "plans": queries.plans_seen(user).filter(questionnaire_key=found.key, active=True).select_related("centre"),
    }
    return render(request, "surveys/staff/questionnaire.html", context, status=status)


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A questionnaire of one's own, begun from one in force."""
    user = cast("User", request.user)
    form = NewForm(request.POST or None, user=user, initial={"source": request.GET.get("source", "")})
    if request.method == "POST" and form.is_valid():
        source = queries.blueprint_of(form.cleaned_data["source"])
        document = {**to_document(source), "key": form.cleaned_data["key"]}
        try:
            draft = drafts.begin_draft(
                blueprint=read_document(document),
                owner=form.cleaned_data["owner"],
                actor=user.actor,
                now=timezone.now(),
            )
        except Conflict as refused:
            form.add_error("key", str(refused.message))
        else:
            return redirect("surveys:questionnaire", draft.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "surveys/staff/questionnaire_new.html", {"form": form}, status=status)


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """A draft from a file; each fault is told with its place in it."""
    user = cast("User", request.user)
    form = ImportForm(request.POST or None, request.FILES or None, user=user)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            document = document_in(form.content)
            if form.cleaned_data["key"] and isinstance(document, dict):
                document["key"] = form.cleaned_data["key"]
            draft = drafts.begin_draft(
                blueprint=read_document(document),
                owner=form.cleaned_data["owner"],
                actor=user.actor,
                now=timezone.now(),
            )
        except FileUnreadable as refused:
            faults = [unreadable_told(refused)]
        except Misshapen as refused:
            faults = [fault_told(fault) for fault in refused.faults]
        except Conflict as refused:
            form.add_error("key", str(refused.message))
        else:
            messages.success(request, _("The file was taken as a draft. Nothing is asked by it until you publish it."))
            return redirect("surveys:questionnaire", draft.public_id)
    status = 422 if form.is_bound else 200
    context = {"form": form, "faults": faults}
    return render(request, "surveys/staff/questionnaire_import.html", context, status=status)


@roles_required(*READERS)
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = queries.questionnaire_seen(user=cast("User", request.user), public_id=public_id)
    document = to_document(queries.blueprint_of(found), version=found.version)
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{found.key}-v{found.version}.json"'
    return response


@roles_required(*EDITORS)
@require_POST
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The next version of one's own; of another's, one's own first version."""
    user = cast("User", request.user)
    found = queries.questionnaire_seen(user=user, public_id=public_id)
    owner = found.owner
    if owner is None or not Questionnaire.objects.editable_by(user).filter(pk=found.pk).exists():
        return redirect(f"{reverse('surveys:questionnaire-new')}?source={found.public_id}")
    try:
        draft = drafts.begin_draft(
            blueprint=queries.blueprint_of(found), owner=owner, actor=user.actor, now=timezone.now()
        )
    except DraftExists as refused:
        messages.error(request, str(refused.message))
        there = Questionnaire.objects.filter(key=found.key, state=Publication.DRAFT).first()
        return redirect("surveys:questionnaire", (there or found).public_id)
    return redirect("surveys:questionnaire", draft.public_id)


@roles_required(*EDITORS)
@require_POST
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = queries.questionnaire_edited(user=user, public_id=public_id)
    try:
        drafts.publish_draft(questionnaire=found, revision=revision_in(request), actor=user.actor, now=timezone.now())
    except drafts.Unsound:
        return _shown(request, user, found, status=422)  # its problems stand on its page
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Published. From now on it cannot be changed; a change is a new version."))
    return redirect("surveys:questionnaire", public_id)


@roles_required(*EDITORS)
@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = queries.questionnaire_edited(user=user, public_id=public_id)
    drafts.discard_draft(questionnaire=found, actor=user.actor, now=timezone.now())
    messages.success(request, _("The draft was given up."))
    return redirect("surveys:questionnaires")


@roles_required(*EDITORS)
@require_POST
def retire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = queries.questionnaire_edited(user=user, public_id=public_id)
    try:
        drafts.retire(questionnaire=found, actor=user.actor, now=timezone.now())
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Retired: nobody new is asked by it."))
    return redirect("surveys:questionnaire", public_id)


@roles_required(*EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Which centres ask by it, wave by wave."""
    user = cast("User", request.user)
    found = queries.questionnaire_seen(user=user, public_id=public_id)
    centres = list(queries.centres_for(user, found))
    waves = list(Plan.objects.filter(centre=None, audience=found.audience, active=True).values_list("wave", flat=True))
    if request.method == "POST" and request.POST.get("wave") in waves:
        ticked = set(request.POST.getlist("centres"))
        changed = drafts.use_at(
            questionnaire=found,
            wave=request.POST["wave"],
            centres=[centre for centre in centres if str(centre.public_id) in ticked],
            among=centres,
            actor=user.actor,
            now=timezone.now(),
        )
        text = ngettext("%(count)s centre changed.", "%(count)s centres changed.", changed)
        messages.success(request, text % {"count": changed})
        return redirect("surveys:questionnaire", public_id)
    used = Plan.objects.filter(centre__in=centres, questionnaire_key=found.key, active=True)
    by_wave = set(used.values_list("wave", "centre_id"))
    context = {
        "questionnaire": found,
        "waves": [(wave, [(centre, (wave, centre.pk) in by_wave) for centre in centres]) for wave in waves],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/staff/questionnaire_use.html", context, status=status)
