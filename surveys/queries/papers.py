"""What the papers of asking print, in the language that is active. Nothing here writes."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from unicodedata import normalize
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.cases.queries import clients_of
from qa_service.common.errors import NotFound
from qa_service.organisations.models import CentreSettings
from surveys import texts, timing
from surveys.branching import SEALED, SheetQuestion, shown, telling_of_sealed
from surveys.documents.content import Answered, Asked, Attempt, CardContent, FormContent, Later, Offer, RecordContent
from surveys.enums import Audience, Mode, PhoneOutcome, QuestionKind
from surveys.models import Contact, Conversation, Response
from surveys.models.questionnaires import in_language
from surveys.queries.alerts import sealed_of
from surveys.queries.due import plan_for
from surveys.queries.forms import answers_of, own_way
from surveys.queries.second_entries import second_entries
from surveys.queries.sheets import sheet_asked

PRINTING_ROLES = (Role.FOLLOW_UP, Role.MANAGER)


def keyed_in(user: User) -> QuerySet[Response]:
    """Finished interviews, visits, letters and paper forms that staff keyed in, newest first."""
    return (
        Response.objects.visible_to(user)
        .filter(finished_at__isnull=False, entered_by__isnull=False, conversation__audience=Audience.CLIENT)
        .select_related("conversation__case__centre", "entered_by")
        .order_by("-finished_at", "-pk")
    )


def recorder_of(response: Response) -> User | None:
    """Who keyed in an interview, also one of somebody else that made room for the client's own answer; None: nobody."""
    if response.entered_by is not None:
        return response.entered_by
    entries = response.conversation.second_entries.exclude(entered_by=None).select_related("entered_by")
    return next((entry.entered_by for entry in entries.reverse()[:1]), None)


def conversation_with_record(*, user: User, public_id: UUID | str) -> Conversation:
    """:raises NotFound: outside the user's scope, or the user's own case."""
    conversations = (
        Conversation.objects.visible_to(user)
        .with_clients()
        .select_related(
            "case__centre__settings", "case__client", "recipient", "case__lawyer", "case__firm", "response__entered_by"
        )
    )
    found = conversations.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found


def case_for_card(*, user: User, number: str) -> Case:
    """A released case of the user's subtree, by its number, that the user did not deal with.

    :raises NotFound: outside, not to be asked, or two centres have a case of this number.
    """
    typed = number.replace("\x00", "").strip()
    numbers = {normalize("NFKC", typed), typed}
    cases = Case.objects.filter(
        within(user, "centre__path", *PRINTING_ROLES), number__in=numbers, survey_released_at__isnull=False
    ).exclude(own_work(user, lawyer="lawyer", firm="firm"))
    found = list(cases.select_related("centre__settings", "client__contact_plan")[:2])
    if len(found) != 1:
        raise NotFound(_("There is no such case to ask about, or more than one centre has it. Check the number."))
    return found[0]


def client_for_card(case: Case, *, named: str) -> Client:
    """The client of the case with this id; the export's where none is named.

    :raises NotFound: the case has no such client.
    """
    found = {str(client.public_id): client for client in clients_of(case)} | {"": case.client}
    if named not in found:
        raise NotFound(_("This person is not a client of the case."))
    return found[named]


def offer_of(code: str) -> Offer:
    """What is printed of a code: the square leads straight to the form, the address to the page where it is typed."""
    base = django_settings.PUBLIC_BASE_URL
    return Offer(code=code, url=f"{base}/s/{code}", address=f"{base.split('://', 1)[-1]}/s/")


def questions_on_paper(conversation: Conversation, *, mode: Mode) -> tuple[Asked, ...]:
    sheet = [item for item in sheet_asked(conversation).questions if item.asked_by(mode)]
    return tuple(_asked(item, sheet) for item in sheet)


def form_content(*, conversation: Conversation, code: str, language: str) -> FormContent:
    centre = conversation.case.centre
    return FormContent(
        language=language,
        questions=questions_on_paper(conversation, mode=Mode.PAPER),
        offer=offer_of(code),
        office_phone=centre.settings.office_phone,
        return_by=_last_day(conversation),
        centre="" if conversation.recipient and _in_danger(conversation.recipient) else centre.name,
        under_way=conversation.mid_case_plan_id is not None,
    )


def card_content(*, conversation: Conversation, code: str, language: str) -> CardContent:
    settings = conversation.case.centre.settings
    zone = ZoneInfo(settings.time_zone)
    return CardContent(
        language=language,
        offer=offer_of(code),
        office_phone=settings.office_phone,
        first_day=conversation.invited_at.astimezone(zone).date(),
        last_day=_last_day(conversation),
        opens=_hours(settings)[0],
        closes=_hours(settings)[1],
    )


def card_before_asking(*, case: Case, code: str, language: str, works_from: datetime, wave: str) -> CardContent:
    """The card of a case whose conversation has not begun."""
    settings = case.centre.settings
    zone = ZoneInfo(settings.time_zone)
    plan = plan_for(wave=wave, audience=Audience.CLIENT, centre_id=case.centre_id)
    first = works_from.astimezone(zone).date()
    return CardContent(
        language=language,
        offer=offer_of(code),
        office_phone=settings.office_phone,
        first_day=first,
        last_day=first + timedelta(days=plan.closes_after_days),
        opens=_hours(settings)[0],
        closes=_hours(settings)[1],
    )


def _hours(settings: CentreSettings) -> tuple[time, time]:
    return timing.calling_hours(settings.contact_opens, settings.contact_closes)


def card_works_from(*, case: Case, now: datetime) -> datetime:
    """When the conversation of a released case begins at the earliest."""
    settings = case.centre.settings
    due = timing.first_contact_due(
        closed_on=case.day_closed, delay_days=settings.first_contact_delay_days, zone=ZoneInfo(settings.time_zone)
    )
    return max(due, now)


def record_content(*, response: Response, phone: str, language: str, printed_by: User, now: datetime) -> RecordContent:
    conversation = response.conversation
    case = conversation.case
    zone = ZoneInfo(case.centre.settings.time_zone)
    sealed = sealed_of(conversation).exists()
    called = _called(response)
    return RecordContent(
        language=language,
        centre=case.centre.name,
        case_number=case.number,
        case_class=case.get_case_type_display(),
        client=(conversation.recipient or case.client).name,
        phone=phone,
        lawyer=case.lawyer.name,
        firm=case.firm.name,
        way=_way(response, called),
        answerer=response.get_answerer_display(),
        recorded_at=(called.at if called else response.finished_at or response.started_at).astimezone(zone),
        recorded_by=str(recorder_of(response)),
        late=response.late,
        receipt=response.receipt,
        answers=_answers(response, called, zone, sealed=sealed),
        later=_later(response, zone, sealed=sealed),
        attempts=_attempts(conversation, zone, sealed=sealed),
        printed_at=now.astimezone(zone),
        printed_by=str(printed_by),
    )


def _called(response: Response) -> Contact | None:
    """The call or visit at which staff keyed in the rest of what the client had begun themself."""
    if not response.begun_by_themself:
        return None
    return response.conversation.contacts.filter(outcome=PhoneOutcome.REACHED).last()


def _way(response: Response, called: Contact | None) -> str:
    own = response.get_mode_display()
    both = {"first": own, "then": called.get_channel_display() if called else ""}
    # Who else was reached answered for themselves: what they said stands beside, with its own way.
    went_on = called is not None and called.answerer in ("", response.answerer)
    return _("%(first)s, then %(then)s") % both if went_on else own


def _later(response: Response, zone: ZoneInfo, *, sealed: bool) -> tuple[Later, ...]:
    """What differs, and whatever somebody else answered: that they did is part of the record."""
    return tuple(
        Later(
            way=other.entry.get_mode_display(),
            at=other.entry.entered_at.astimezone(zone),
            by=str(other.entry.entered_by or _("the client")),
            answerer=other.entry.get_answerer_display(),
            rows=tuple((item.question, item.stored, item.keyed) for item in other.differing),
        )
        for other in second_entries(response.conversation, words=not sealed)
        if other.differing or other.entry.answerer != response.answerer
    )


def _answers(response: Response, called: Contact | None, zone: ZoneInfo, *, sealed: bool) -> tuple[Answered, ...]:
    """The path without the sealed questions, so that not even a question that they opened tells what was said to them.

    They themselves stand on every sheet, and never with an answer.
    """
    given = answers_of(response)
    questions, mode = sheet_asked(response.conversation).questions, _fullest(response)
    telling = telling_of_sealed(questions, {code: answer.value for code, answer in given.items()})
    kept = {code: answer for code, answer in given.items() if code not in telling}
    values = {code: answer.value for code, answer in kept.items()}
    numbers = {item.code: number for number, item in enumerate(questions, start=1)}
    told = {item.code for item in shown(questions, mode=mode, answers=values)}
    rows = []
    for item in questions:
        if not (item.code in told or (item.code in SEALED and item.asked_by(mode))):
            continue
        answer = kept.get(item.code)
        choice = item.choice(answer.value) if answer else None
        words = [in_language(chinese=choice.text_zh, english=choice.text_en)] if choice else []
        if answer and answer.text and not sealed:
            words.append(answer.text)
        row = Answered(number=numbers[item.code], text=_text(item), answer=_(": ").join(words))
        if called and answer and answer.at and answer.at < called.at:
            own = own_way(response, answer.at)
            row = replace(row, own_way=str(own.label), own_at=answer.at.astimezone(zone))
        rows.append(row)
    return tuple(rows)


def _fullest(response: Response) -> Mode:
    """What began by text was finished by telephone: the questions of both were asked."""
    return Mode.TELEPHONE if response.mode == Mode.SMS else Mode(response.mode)


def _attempts(conversation: Conversation, zone: ZoneInfo, *, sealed: bool) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            at=contact.at.astimezone(zone),
            way=contact.get_channel_display(),
            outcome=contact.get_outcome_display(),
            by=str(contact.by),
            note="" if sealed else contact.note,
        )
        for contact in conversation.contacts.attempts().select_related("by")
    )


def _asked(item: SheetQuestion, sheet: list[SheetQuestion]) -> Asked:
    numbers = {other.code: number for number, other in enumerate(sheet, start=1)}
    opened_by = tuple(
        (numbers[rule.question], _choices(sheet[numbers[rule.question] - 1], rule.any_of))
        for rule in item.shown_when
        if rule.question in numbers
    )
    return Asked(
        number=numbers[item.code],
        text=_text(item),
        hint=in_language(chinese=item.hint_zh, english=item.hint_en),
        choices=_choices(item),
        only_if=opened_by,
        free_text=item.kind == QuestionKind.TEXT,
        asks_when=item.kind == QuestionKind.CALL_BACK,
    )


def _text(item: SheetQuestion) -> str:
    return in_language(chinese=item.text_zh, english=item.text_en)


def _choices(item: SheetQuestion, only: frozenset[str] | None = None) -> tuple[str, ...]:
    chosen = [choice for choice in item.choices if only is None or choice.value in only]
    return tuple(in_language(chinese=choice.text_zh, english=choice.text_en) for choice in chosen)


def _last_day(conversation: Conversation) -> date:
    zone = ZoneInfo(conversation.case.centre.settings.time_zone)
    return (conversation.closes_at - timedelta(seconds=1)).astimezone(zone).date()


def _in_danger(client: Client) -> bool:
    try:
        plan = client.contact_plan
    except ContactPlan.DoesNotExist:
        return False
    return plan.needs_safety_check or plan.reason == ContactReason.SAFETY


def paper_language(*, wanted: str, of: Conversation | None = None) -> str:
    """The language asked for, else the client's; Chinese for all others."""
    return texts.language_of(wanted or (of.language if of else ""))
