"""Organs that were asked: the list, one of them, its sheet keyed in, and what became of it short of an answer."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.keyset import page_in_order
from surveys import services
from surveys.enums import ErrandOutcome, Mode, PhoneOutcome
from surveys.forms.organs import NoOpinionForm, OpinionSheetForm
from surveys.models import Conversation
from surveys.models.organs import ORGAN_READERS, ORGAN_STAFF
from surveys.queries import organs as queries
from surveys.queries.interview import AskedQuestion, differences, interview_questions
from surveys.queries.organ_rates import organ_rates
from surveys.queries.second_entries import second_entries
from surveys.views.figures import chosen

PAGE_SIZE = 30


def tabs(user: User) -> dict[str, bool]:
    """Which of the pages side by side this person may open; the address book is open to all who come here."""
    return {"asked": user.has_role(*ORGAN_READERS), "letters": user.has_role(*ORGAN_STAFF)}


@roles_required(*ORGAN_READERS)
@never_cache
@require_safe
def asked_list(request: HttpRequest) -> HttpResponse:
    """Those still open, or as `?show=` says; of one unit with `?organ=`."""
    user = cast("User", request.user)
    wanted = request.GET.get("show", "")
    show = queries.Show(wanted) if wanted in set(queries.Show) else queries.Show.OPEN
    organ = None
    with suppress(ValueError):
        organ = UUID(request.GET.get("organ", ""))
    found = queries.organs_asked(user, show=show, organ=organ)
    context = {
        "page": page_in_order(found, after=request.GET.get("after", ""), size=PAGE_SIZE),
        "show": show,
        "shows": [(queries.Show.OPEN, _("Open")), (queries.Show.ANSWERED, _("Answered")),
                  (queries.Show.OVER, _("Without an answer")), (queries.Show.ALL, _("All"))],
        "may_key": user.has_role(*ORGAN_STAFF),
        "tabs": tabs(user),
    }  # fmt: skip
    return render(request, "surveys/staff/organs.html", context)


@roles_required(*ORGAN_STAFF)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """A sheet came back: to the page where it is keyed in. No code stands in an address."""
    given = request.POST.get("given", "")[:80]
    found = queries.organ_conversation_named(user=cast("User", request.user), given=given)
    if found is None:
        messages.error(request, _("No organ was asked under this number or code."))
        return redirect("surveys:organs")
    if not found.is_open and hasattr(found, "response") and found.response.finished_at:
        return redirect("surveys:organ", public_id=found.public_id)
    return redirect("surveys:organ-answer", public_id=found.public_id)


@roles_required(*ORGAN_READERS)
@never_cache
@require_safe
def one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    conversation = queries.organ_conversation(user=cast("User", request.user), public_id=public_id)
    return _one_page(request, conversation, form=NoOpinionForm())


def _one_page(
    request: HttpRequest, conversation: Conversation, *, form: NoOpinionForm, status: int = 200
) -> HttpResponse:
    response = getattr(conversation, "response", None)
    finished = response if response is not None and response.finished_at else None
    context = {
        "conversation": conversation,
        "case": conversation.case,
        "letters": queries.letters_of(conversation),
        "contacts": conversation.contacts.exclude(outcome=PhoneOutcome.REACHED).select_related("by"),
        "response": finished,
        "signature": getattr(finished, "signature", None),
        "answers": _answered(conversation) if finished else (),
        "others": second_entries(conversation) if finished else (),
        "form": form,
        "may_key": cast("User", request.user).has_role(*ORGAN_STAFF),
        "takes": conversation.state in queries.TAKES_A_SHEET and timezone.now() < conversation.late_until,
    }
    return render(request, "surveys/staff/organ.html", context, status=status)


def _answered(conversation: Conversation) -> list[tuple[str, str]]:
    """Each question with what was answered, in words."""
    found = []
    for asked in interview_questions(conversation, mode=Mode.PAPER):
        labels = {choice.value: choice.text for choice in asked.choices}
        words = [labels.get(asked.kept.value, ""), asked.kept.text]
        found.append((asked.text, " · ".join(word for word in words if word)))
    return found


@roles_required(*ORGAN_STAFF)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Key a sheet in: all items at once, a line a question."""
    user = cast("User", request.user)
    conversation = queries.organ_conversation(user=user, public_id=public_id)
    asked = interview_questions(conversation, mode=Mode.PAPER)
    form = OpinionSheetForm(request.POST or None)
    if request.method != "POST":
        return _sheet_page(request, conversation, form, asked)
    given = _given(request, asked)
    if not form.is_valid():
        return _sheet_page(request, conversation, form, asked, given=given, status=422)
    try:
        services.record_opinion(
            user=user, conversation=conversation, answers=given, now=timezone.now(), **form.cleaned_data
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        wrong = "" if error.field in form.fields else error.field
        return _sheet_page(request, conversation, form, asked, given=given, wrong=wrong, status=422)
    except Conflict as refused:
        form.add_error(None, str(refused.message))
        return _sheet_page(request, _latest(request, public_id), form, asked, given=given, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The opinion is recorded."))
    return redirect("surveys:organs")


@roles_required(*ORGAN_STAFF)
@never_cache
@require_POST
def keep_second_entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A sheet of an opinion that is stored already: kept beside it."""
    conversation = _latest(request, public_id)
    asked = interview_questions(conversation, mode=Mode.PAPER)
    form, given = OpinionSheetForm(request.POST), _given(request, asked)
    if not form.is_valid():
        return _sheet_page(request, conversation, form, asked, given=given, status=422)
    try:
        services.keep_second_opinion(
            user=cast("User", request.user),
            conversation=conversation,
            answers=given,
            now=timezone.now(),
            **form.cleaned_data,
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        wrong = "" if error.field in form.fields else error.field
        return _sheet_page(request, conversation, form, asked, given=given, wrong=wrong, status=422)
    messages.success(request, _("Your entry is kept beside the first."))
    return redirect("surveys:organ", public_id=public_id)


def _latest(request: HttpRequest, public_id: UUID) -> Conversation:
    return queries.organ_conversation(user=cast("User", request.user), public_id=public_id)


def _given(request: HttpRequest, asked: tuple[AskedQuestion, ...]) -> dict[str, services.AnswerInput]:
    """What was keyed in, by question; an item left open is no answer."""
    given = {}
    for question in asked:
        value = request.POST.get(f"value-{question.code}", "")[:40]
        text = request.POST.get(f"text-{question.code}", "").strip()
        if value or text:
            given[question.code] = services.AnswerInput(value=value, text=text)
    return given


def _sheet_page(
    request: HttpRequest,
    conversation: Conversation,
    form: OpinionSheetForm,
    asked: tuple[AskedQuestion, ...],
    *,
    given: Mapping[str, services.AnswerInput] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = given or {}
    response = getattr(conversation, "response", None)
    second = response is not None and bool(response.finished_at)
    keyed = {code: (one.value, one.text) for code, one in kept.items()}
    context = {
        "conversation": conversation,
        "case": conversation.case,
        "form": form,
        "asked": [(question, kept.get(question.code)) for question in asked],
        "wrong": wrong,
        "second": second,
        "differing": differences(conversation, keyed, mode=Mode.PAPER) if second and kept else (),
        "compared": second and bool(kept),
    }
    return render(request, "surveys/staff/organ_answer.html", context, status=status)


@roles_required(*ORGAN_STAFF)
@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The unit declined, or what was sent came back."""
    user = cast("User", request.user)
    conversation = queries.organ_conversation(user=user, public_id=public_id)
    form = NoOpinionForm(request.POST)
    if not form.is_valid():
        return _one_page(request, conversation, form=form, status=422)
    services.end_asking(
        user=user,
        conversation=conversation,
        outcome=ErrandOutcome(form.cleaned_data["outcome"]),
        note=form.cleaned_data["note"],
        now=timezone.now(),
    )
    messages.success(request, _("It is recorded."))
    return redirect("surveys:organ", public_id=public_id)


@roles_required(*ORGAN_READERS)
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """Who answers: counts by unit, of the cases that the filters leave."""
    user = cast("User", request.user)
    asked = chosen(request)
    found = organ_rates(user, asked.choice)
    context = {"form": asked.form, "about": asked.about, "rates": found, "tabs": tabs(user)}
    return render(request, "surveys/staff/organ_rates.html", context)
