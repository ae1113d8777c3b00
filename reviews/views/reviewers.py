"""The list of reviewers: published, objected to in advance, and whom each may not judge."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.organisations.queries import today_at
from reviews.enums import MANAGING
from reviews.forms.reviewers import ObjectionForm, PaperObjectionForm, RelationForm, TermsForm, TieForm
from reviews.models import ReviewerTerms
from reviews.queries.reviewer_list import (
    cases_whose_readers_are_named_by,
    centres_of_list,
    lawyers_who_object_on_paper,
    objections_to_reviewers,
    published_list,
    relation_to,
    relations_declared_by,
    relations_of,
    reviewers_listed_for,
    reviewers_managed_by,
    ties_known,
    ties_taken_out_by,
    who_may_read,
)
from reviews.services.relations import declare_relation, take_back_relation
from reviews.services.reviewers import (
    decide_reviewer_objection,
    enter_tie,
    object_to_reviewer,
    set_terms,
    take_out_tie,
)
from reviews.views.went_back import say_what_went_back

READERS = (*MANAGING, Role.REVIEWER, Role.LAWYER, Role.FIRM)
ROWS_A_PAGE = 50
DECISIONS = ("uphold", "reject")


@require_GET
@never_cache
@roles_required(*READERS)
def reviewers(request: SignedInRequest) -> HttpResponse:
    return _list(request)


def _list(request: SignedInRequest, *, status: int = HTTPStatus.OK, **typed: Any) -> HttpResponse:
    """`typed`: the form that was refused, under the name the page has for it; or a refused decision or reason."""
    user = request.user
    managing, lawyer = user.has_role(*MANAGING), bool(user.lawyer_id) and user.has_role(Role.LAWYER)
    centres = Paginator(centres_of_list(user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    people = User.objects.filter(pk__in=reviewers_listed_for(user)).order_by("display_name", "pk")
    objections = Paginator(objections_to_reviewers(user), ROWS_A_PAGE).get_page(request.GET.get("objections"))
    context = {
        "page": centres,
        "lists": published_list(centres, managing=managing),
        "managing": managing,
        "managed": set(reviewers_managed_by(user).values_list("pk", flat=True)) if managing else set(),
        "objections": objections if managing or lawyer else None,
        "objecting": ObjectionForm(people=people) if lawyer else None,
        "on_paper": PaperObjectionForm(people=people, lawyers=lawyers_who_object_on_paper(user)) if managing else None,
        "relations": relations_declared_by(user) if user.has_role(Role.REVIEWER) else None,
        "declaring": RelationForm() if user.has_role(Role.REVIEWER) else None,
    }
    return render(request, "reviews/reviewers.html", context | typed, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def terms(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person = get_object_or_404(reviewers_managed_by(request.user), public_id=person_id)
    row = ReviewerTerms.objects.filter(reviewer=person).first()
    stored = {name: getattr(row, name) for name in TermsForm.base_fields} if row else {}
    form = TermsForm(request.POST if request.method == "POST" else None, initial=stored)
    if request.method == "POST" and form.is_valid() and _done(form, set_terms, reviewer=person, request=request):
        messages.success(request, _("The terms were saved."))
        return redirect("reviews:reviewers")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "person": person, "relations": relations_of(person)}
    return render(request, "reviews/reviewer_terms.html", context, status=status)


def _done(form: forms.Form, act: Any, *, request: SignedInRequest, **more: Any) -> bool:
    """Do it with what the form holds; a refusal is said on the form."""
    try:
        act(**form.cleaned_data, **more, user=request.user, now=timezone.now())
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return False
    return True


@require_POST
@roles_required(Role.LAWYER)
def object_to(request: SignedInRequest) -> HttpResponse:
    listed = reviewers_listed_for(request.user)
    form = ObjectionForm(request.POST, people=User.objects.filter(pk__in=listed).order_by("display_name", "pk"))
    lawyer = request.user.lawyer
    if lawyer and form.is_valid():
        centre = listed[form.cleaned_data["reviewer"].pk]
        if _done(form, object_to_reviewer, request=request, lawyer=lawyer, centre=centre):
            messages.success(
                request, _("Your objection was lodged. Until it is decided this reviewer gets no file of yours.")
            )
            return redirect("reviews:reviewers")
    return _list(request, objecting=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@roles_required(*MANAGING)
def object_on_paper(request: SignedInRequest) -> HttpResponse:
    listed = reviewers_listed_for(request.user)
    people = User.objects.filter(pk__in=listed).order_by("display_name", "pk")
    form = PaperObjectionForm(request.POST, people=people, lawyers=lawyers_who_object_on_paper(request.user))
    if form.is_valid():
        centre = listed[form.cleaned_data["reviewer"].pk]
        if _done(form, object_to_reviewer, request=request, centre=centre, entered_by=request.user):
            messages.success(request, _("The objection was entered."))
            return redirect("reviews:reviewers")
    return _list(request, on_paper=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@roles_required(*MANAGING)
def decide(request: SignedInRequest, objection_id: UUID) -> HttpResponse:
    found = get_object_or_404(objections_to_reviewers(request.user), public_id=objection_id)
    decision, answer = request.POST.get("decision"), request.POST.get("answer", "")
    upheld = decision == "uphold"
    try:
        if decision not in DECISIONS:
            raise InvalidInput(_("Say whether you uphold the objection or not."))
        decide_reviewer_objection(objection=found, upheld=upheld, answer=answer, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _list(request, refused=found.public_id, answered=answer, status=error.status)
    messages.success(request, _("The objection was decided."))
    return redirect("reviews:reviewers")


@require_POST
@roles_required(Role.REVIEWER)
def relate(request: SignedInRequest) -> HttpResponse:
    form = RelationForm(request.POST)
    if form.is_valid():
        try:
            declared = declare_relation(**form.cleaned_data, user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The relation was declared: you get no file of theirs."))
            say_what_went_back(request, declared.given_back)
            return redirect("reviews:reviewers")
    return _list(request, declaring=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@roles_required(Role.REVIEWER)
def take_back_declared(request: SignedInRequest, whom: UUID) -> HttpResponse:
    """`whom`: the lawyer or firm to whom it was declared."""
    found = get_object_or_404(relation_to(request.user, whom))
    reason = request.POST.get("reason", "")
    try:
        take_back_relation(relation=found, reason=reason, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _list(request, standing=found.pk, typed=reason, status=error.status)
    messages.success(request, _("The relation was taken back: files of theirs may be given to you again."))
    return redirect("reviews:reviewers")


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def file_readers(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Who may read one file and who may not, and why; and what is known of the other side."""
    case = get_object_or_404(
        cases_whose_readers_are_named_by(request.user).select_related("centre__settings"), public_id=case_id
    )
    form = TieForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(form, enter_tie, request=request, case=case):
        messages.success(request, _("This was entered. Who is of that firm, or that lawyer, does not read the file."))
        return redirect("reviews:file-readers", case.public_id)
    people = Paginator(who_may_read(case, today=today_at(case.centre, timezone.now())), ROWS_A_PAGE)
    context = {
        "case": case,
        "form": form,
        "page": people.get_page(request.GET.get("page")),
        "ties": ties_known(case),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reviews/file_readers.html", context, status=status)


@require_POST
@roles_required(*MANAGING)
def take_out(request: SignedInRequest, tie_id: UUID) -> HttpResponse:
    found = get_object_or_404(ties_taken_out_by(request.user), public_id=tie_id)
    try:
        take_out_tie(tie=found, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("This was taken out."))
    return redirect("reviews:file-readers", found.case.public_id)
