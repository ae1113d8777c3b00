"""The follow-up staff's list and the interview they key in."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import InvalidInput
from qa_service.common.keyset import page_in_order
from surveys import queries, services
from surveys.enums import CLIENTS_ANSWERERS, AfterwardsOutcome, Answerer, Channel, Identity, Mode, PhoneOutcome
from surveys.forms import KEYED_MODES, AfterwardsForm, CallForm, ListForm
from surveys.languages import LANGUAGES
from surveys.matters import SPOKEN_OF
from surveys.models import Conversation
from surveys.queries.alerts import Reading, everyday_reading, notes_of_contacts, texts_from_client
from surveys.queries.forms import FormAnswer, said_by, said_not_theirs
from surveys.queries.interview import (
    Difference,
    codes_asked,
    conversation_named,
    differences,
    intake_facts,
    interview_questions,
    speaks,
)
from surveys.queries.papers import recorder_of
from surveys.queries.second_entries import second_entries, was_kept_beside

PAGE_SIZE = 30
NOTHING = FormAnswer(value="", text="")
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
CALLERS = (Role.FOLLOW_UP, Role.MANAGER)


@roles_required(*CALLERS)
@never_cache
@require_safe
def telephone_list(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    form = ListForm(request.GET, selection=queries.telephone_selection(user=user))
    waiting = queries.telephone_list(user=user, now=now, chosen=form.chosen)
    page = page_in_order(waiting, after=request.GET.get("after", ""), size=PAGE_SIZE)
    off = services.days_without_calls(now=now)
    rows = [(row, services.may_ring_from(row, off=off, now=now)) for row in page.rows]
    context = {"page": page, "rows": rows, "form": form, "now": now}
    return render(request, "surveys/staff/telephone_list.html", context)


@roles_required(*CALLERS)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """A sheet of paper came back, or a client rang: to the page where it is keyed in. No code stands in an address."""
    found = conversation_named(user=cast("User", request.user), given=request.POST.get("given", "")[:80])
    if found is None:
        messages.error(request, _("Nobody has been asked under this number or code."))
        return redirect("surveys:telephone-list")
    paper = f"?mode={Mode.PAPER}" if found.channel != Channel.TELEPHONE else ""
    return redirect(reverse("surveys:interview", args=[found.public_id]) + paper)


@roles_required(*CALLERS)
@require_POST
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hold one person for this caller, so that two of the staff never ring the same number. The page says if not."""
    user = cast("User", request.user)
    conversation = queries.conversation_to_record(user=user, public_id=public_id)
    mode = _mode(request.POST.get("mode", ""), conversation)
    try:
        services.begin_interview(user=user, conversation=conversation, now=timezone.now())
    except (services.AlreadyAnswered, services.ConversationOver) as refused:
        messages.error(request, str(refused.message))
    kept = f"?mode={mode}" if mode != usual_mode(conversation) else ""
    return redirect(reverse("surveys:interview", args=[public_id]) + kept)


@roles_required(*CALLERS)
@require_POST
def put_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    conversation = queries.conversation_to_record(user=user, public_id=public_id)
    services.release_interview(user=user, conversation=conversation, now=timezone.now())
    return redirect("surveys:telephone-list")


@roles_required(*CALLERS)
@never_cache
@require_safe
def interview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    conversation = queries.telephone_conversation(user=cast("User", request.user), public_id=public_id)
    mode = _mode(request.GET.get("mode", ""), conversation)
    form = CallForm(initial=_usual(conversation) | {"mode": mode})
    beside = "beside" in request.GET and services.full_answer(conversation) is not None
    return _interview_page(request, conversation, form=form, kept=beside, beside=beside)


@roles_required(*CALLERS)
@never_cache
@require_POST
def show_number(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The full number, once, in the answer to this request alone: it stands in no address and the look is recorded."""
    user = cast("User", request.user)
    conversation = queries.telephone_conversation(user=user, public_id=public_id)
    try:
        phone = services.reveal_for_call(user=user, conversation=conversation, now=timezone.now())
    except (services.HeldBySomeone, services.NotNow) as refused:
        messages.error(request, str(refused.message))
        return redirect("surveys:interview", public_id=public_id)
    return _interview_page(request, conversation, form=CallForm(initial=_usual(conversation)), phone=phone)


@roles_required(*CALLERS)
@never_cache
@require_POST
def record_call(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One call with what became of it, and the answers where the person was reached."""
    user, now = cast("User", request.user), timezone.now()
    conversation = queries.conversation_to_record(user=user, public_id=public_id)
    form = CallForm(request.POST)
    answers = _answers(request, conversation, mode=_mode(request.POST.get("mode", ""), conversation))

    def once_more(status: int, *, wrong: str = "") -> HttpResponse:
        """The page with what was keyed in, of the conversation as it stands now."""
        latest = queries.telephone_conversation(user=user, public_id=public_id)
        return _interview_page(request, latest, form=form, given=answers, status=status, wrong=wrong, kept=True)

    if not form.is_valid():
        return once_more(422)
    try:
        told_otherwise = _record(user, conversation, form, answers, now=now)
    except InvalidInput as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, str(error.message))
        return once_more(422, wrong="" if field else error.field)
    except (services.HeldBySomeone, services.AlreadyAnswered, services.ConversationOver) as refused:
        form.add_error(None, str(refused.message))
        return once_more(409)
    messages.success(request, _("The call is recorded."))
    if told_otherwise:
        # Not which: who telephones is not to learn what was said to the sealed question.
        messages.info(
            request,
            _(
                "The client had answered before. Those first answers stand; what you keyed in is kept beside them, and"
                " what it tells of trouble is followed up."
            ),
        )
    return redirect("surveys:telephone-list")


@roles_required(*CALLERS)
@require_POST
def keep_second_entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A colleague's entry stands; this one is kept beside it."""
    user = cast("User", request.user)
    conversation = queries.conversation_to_record(user=user, public_id=public_id)
    mode, answerer = _mode(request.POST.get("mode", ""), conversation), request.POST.get("answerer", "")
    services.keep_second_entry(
        user=user,
        conversation=conversation,
        answers=_answers(request, conversation, mode=mode),
        answerer=Answerer(answerer) if answerer in dict(CLIENTS_ANSWERERS) else Answerer.CLIENT,
        mode=mode,
        note=request.POST.get("note", ""),
        heard=frozenset(kind for kind in SPOKEN_OF if kind in request.POST.getlist("heard")),
        of_centre="of_centre" in request.POST,
        now=timezone.now(),
    )
    messages.success(request, _("Your entry is kept beside the first."))
    return redirect("surveys:interview", public_id=public_id)


@roles_required(*CALLERS)
@never_cache
@require_POST
def note_afterwards(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody rings, or comes, once their follow-up has ended: what they speak of reaches a person all the same."""
    user = cast("User", request.user)
    conversation = queries.telephone_conversation(user=user, public_id=public_id)
    form = AfterwardsForm(request.POST, auto_id="after-%s")
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            services.note_afterwards(user=user, conversation=conversation, **form.cleaned_data, now=timezone.now())
        except InvalidInput as refused:
            form.add_error(refused.field, str(refused.message))
        except services.StillAsked as refused:
            form.add_error(None, str(refused.message))
            status = HTTPStatus.CONFLICT
    if form.errors:
        call = CallForm(initial=_usual(conversation))
        return _interview_page(request, conversation, form=call, afterwards=form, status=status)
    messages.success(request, _("It is kept, and what was ticked is with those who see to it."))
    return redirect("surveys:interview", public_id=public_id)


def _record(
    user: User,
    conversation: Conversation,
    form: CallForm,
    answers: Mapping[str, services.AnswerInput],
    *,
    now: datetime,
) -> bool:
    """Whether the client had said otherwise before, so that this is kept beside it."""
    call = form.cleaned_data
    if call["outcome"] == PhoneOutcome.REACHED and _interviews(conversation, now=now):
        response = services.record_interview(
            user=user,
            conversation=conversation,
            answers=answers,
            answerer=Answerer(call["answerer"]),
            mode=Mode(call["mode"]),
            note=call["note"],
            identity=Identity(call["identity"]),
            number=form.number,
            plan_confirmed=call["plan_confirmed"],
            heard=call["heard"],
            of_centre=call["of_centre"],
            now=now,
        )
        return was_kept_beside(response, at=now)
    services.record_call(
        user=user,
        conversation=conversation,
        outcome=PhoneOutcome(call["outcome"]),
        note=call["note"],
        call_back_at=call["call_back_at"],
        number=form.number,
        heard=call["heard"],
        of_centre=call["of_centre"],
        now=now,
    )
    return False


def _interviews(conversation: Conversation, *, now: datetime) -> bool:
    """Whether whoever is reached is asked: a call may be owed for longer than answers are taken."""
    return services.takes_answers(conversation, now=now) or not services.takes_calls(conversation, now=now)


def _differences(
    conversation: Conversation, given: Mapping[str, services.AnswerInput], *, mode: Mode, reading: Reading
) -> tuple[Difference, ...]:
    keyed = {code: (answer.value, answer.text) for code, answer in given.items()}
    return differences(conversation, keyed, mode=mode, reading=reading)


def _held(conversation: Conversation, *, user: User, now: datetime) -> bool:
    held_until = conversation.held_until
    return conversation.held_by_id == user.pk and held_until is not None and held_until > now


def _usual(conversation: Conversation) -> dict[str, str]:
    """What most calls of this kind begin with."""
    plan = getattr(conversation.recipient, "contact_plan", None)
    answerer = Answerer.GUARDIAN if plan and plan.guardian_only else Answerer.CLIENT
    return {"mode": usual_mode(conversation), "answerer": answerer}


def usual_mode(conversation: Conversation) -> Mode:
    return {Channel.VISIT.value: Mode.VISIT, Channel.LETTER.value: Mode.LETTER, Channel.PAPER.value: Mode.PAPER}.get(
        conversation.channel, Mode.TELEPHONE
    )


def _mode(wanted: str, conversation: Conversation) -> Mode:
    """The way asked for in the address, else the usual one of the rung."""
    return Mode(wanted) if wanted in dict(KEYED_MODES) else usual_mode(conversation)


def _answers(request: HttpRequest, conversation: Conversation, *, mode: Mode) -> dict[str, services.AnswerInput]:
    """What was keyed in, by question; a question left alone is no answer."""
    given = {}
    for code in codes_asked(conversation, mode=mode):
        value = request.POST.get(f"value-{code}", "")[:40]
        text = request.POST.get(f"text-{code}", "").strip()
        if value or text:
            given[code] = services.AnswerInput(value=value, text=text)
    return given


def _interview_page(
    request: HttpRequest,
    conversation: Conversation,
    *,
    form: CallForm,
    phone: str = "",
    given: Mapping[str, services.AnswerInput] | None = None,
    status: int = 200,
    wrong: str = "",
    kept: bool = False,
    beside: bool = False,
    afterwards: AfterwardsForm | None = None,
) -> HttpResponse:
    """`kept`: something was keyed in, so the form stays whoever holds the person now.

    `beside`: a second answer to one that is stored came in, and is about to be keyed in.
    """
    user, now = cast("User", request.user), timezone.now()
    mode = _mode(str(form["mode"].value()), conversation)
    asks = _interviews(conversation, now=now)
    if not asks:
        form.promise_nothing()
    plan = getattr(conversation.recipient, "contact_plan", None)
    language = plan.language if plan else conversation.language
    reading = everyday_reading(conversation)
    asked = interview_questions(conversation, mode=mode, language=language, reading=reading) if asks else ()
    response = getattr(conversation, "response", None)
    by_another = response is not None and response.is_by_another
    contacts = notes_of_contacts(conversation, reading=reading)
    answered = services.full_answer(conversation)
    told_twice = status == HTTPStatus.CONFLICT and (
        conversation.left_to_bureau or (response is not None and response.finished_at)
    )
    stored = told_twice and not conversation.left_to_bureau
    context = {
        "conversation": conversation,
        "client": conversation.recipient,
        "plan": plan,
        "own_language": LANGUAGES.get(language),
        "unspoken": asks and not speaks(conversation, language),
        "asked": [
            (
                question,
                (given or {}).get(question.code, NOTHING if by_another else question.kept),
                said_by(response, question.kept),
            )
            for question in asked
        ],
        "form": form,
        "phone": phone,
        "wrong": wrong,
        # As the sheet numbers it: the interviewer looks for the number, not for a sentence.
        "wrong_number": next((place for place, question in enumerate(asked, 1) if question.code == wrong), 0),
        "held": _held(conversation, user=user, now=now),
        "kept": kept,
        "told_twice": told_twice,
        "second": told_twice or beside,
        "beside": beside,
        "differing": _differences(conversation, given or {}, mode=mode, reading=reading) if stored else (),
        "answered": answered,
        "by_another": response if by_another else None,
        "takes": services.takes_calls(conversation, now=now),
        "asks": asks,
        "barrier": services.call_barrier(conversation, now=now),
        "facts": intake_facts(conversation),
        "now": now,
        "by_hand": mode != Mode.TELEPHONE,
        "mode": mode,
        "recorded": response if response and response.finished_at and recorder_of(response) else None,
        "texts": [text for text in texts_from_client(conversation, reading=reading) if text.body],
        "doubted": said_not_theirs(conversation),
        "others": second_entries(conversation, reading=reading) if response and response.finished_at else (),
        "contacts": contacts,
        "told": [noted for noted in contacts if noted.contact.outcome == AfterwardsOutcome.TOLD_US],
        "over": not conversation.is_asked_by_staff,
        "afterwards": afterwards or AfterwardsForm(auto_id="after-%s"),
    }
    return render(request, "surveys/staff/interview.html", context, status=status)
