"""Printing. What a paper says is put on record before it is drawn, so that no sheet leaves without its trace."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case, Client
from qa_service.cases.queries import clients_of
from qa_service.cases.services import reveal_phone
from qa_service.common.errors import Conflict
from surveys.documents import card_pdf, form_pdf, record_pdf
from surveys.documents.content import CardContent, FormContent, RecordContent
from surveys.enums import Audience, Channel, ConversationState
from surveys.ladder import staff_rungs
from surveys.models import Conversation
from surveys.models.conversations import CLOSING_WAVE
from surveys.queries import papers
from surveys.queries.forms import response_of
from surveys.queries.persons import closed_to
from surveys.services.answering.interviews import locked
from surveys.services.contact.people import plan_of, without_text
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.codes import card_code, offer_code
from surveys.services.inviting.draws import draw_clients, is_drawn
from surveys.services.inviting.refusals import refuse_when_over


class NothingRecorded(Conflict):
    code = "nothing_recorded"


class NothingToAsk(Conflict):
    code = "nothing_to_ask"


class NoOfficePhone(Conflict):
    code = "no_office_phone"


def print_record(*, user: User, public_id: UUID, language: str = "", with_number: bool = False, now: datetime) -> bytes:
    """回访记录表 of an interview that staff keyed in. The full number is printed on request alone, and recorded.

    :raises NotFound: outside the user's scope.
    :raises NothingRecorded: nobody has keyed anything in.
    :raises DomainError: the fonts are not ready, or a name cannot be printed.
    """
    return record_pdf(_record(user=user, public_id=public_id, language=language, with_number=with_number, now=now))


def print_form(*, user: User, conversation: Conversation, language: str = "", now: datetime) -> bytes:
    """The questionnaire on paper with the code of this conversation, the same whenever it is printed.

    :raises ConversationOver: it is closed.
    :raises NothingToAsk: it is answered.
    :raises DomainError: the fonts are not ready.
    """
    return form_pdf(_form(user=user, conversation=conversation, language=language, now=now))


def print_card(*, user: User, case: Case, client: Client, language: str = "", now: datetime) -> bytes:
    """The closing card of a client of a case, before or after the first contact. Of several the lots are drawn first.

    :raises NoOfficePhone: a card without a number to call from tells nobody anything.
    :raises NothingToAsk: the client has answered, wants no contact, or is not among those drawn.
    :raises DomainError: the fonts are not ready.
    """
    return card_pdf(_card(user=user, case=case, client=client, language=language, now=now))


@transaction.atomic
def _record(*, user: User, public_id: UUID, language: str, with_number: bool, now: datetime) -> RecordContent:
    conversation = papers.conversation_with_record(user=user, public_id=public_id)
    response = response_of(conversation)
    if response is None or response.finished_at is None or papers.recorder_of(response) is None:
        raise NothingRecorded(_("Nobody has keyed in an interview of this client yet."))
    client, actor = conversation.recipient or conversation.case.client, user.actor
    phone = client.phone_masked
    if with_number:
        phone = reveal_phone(client=client, actor=actor, reason=_("Printed on the follow-up record"), now=now)
    _put_on_record(user, conversation, paper="record", with_number=with_number, now=now)
    spoken = papers.paper_language(wanted=language)
    with override(spoken):
        return papers.record_content(response=response, phone=phone, language=spoken, printed_by=user, now=now)


@transaction.atomic
def _form(*, user: User, conversation: Conversation, language: str, now: datetime) -> FormContent:
    row = locked(conversation)
    refuse_when_over(row, now=now)
    if row.told_state == ConversationState.FINISHED:
        raise NothingToAsk(_("This client has answered already."))
    if row.mid_case_plan_id is not None and row.channel != Channel.VISIT:
        raise NothingToAsk(_("While the case runs a form is printed only to be taken along on a visit."))
    _put_on_record(user, row, paper="form", now=now)
    spoken = papers.paper_language(wanted=language, of=row)
    with override(spoken):
        return papers.form_content(conversation=row, code=offer_code(row), language=spoken)


@transaction.atomic
def _card(*, user: User, case: Case, client: Client, language: str, now: datetime) -> CardContent:
    if not case.centre.settings.office_phone:
        raise NoOfficePhone(_("This centre has no office telephone number yet. Set it first, then print the card."))
    details = {"paper": "card", "with_number": False}
    record(actor=user.actor, action="surveys.printed", subject=case, details=details, at=now)
    asked = Conversation.objects.filter(
        case=case, audience=Audience.CLIENT, recipient=client, wave=CLOSING_WAVE
    ).first()
    if asked is None:
        return _early_card(case, client, language=language, now=now)
    row = locked(asked)
    if not row.is_asked_by_staff:
        raise NothingToAsk(_("This client is not being asked any more: answered, closed, or no contact wanted."))
    return papers.card_content(
        conversation=row, code=offer_code(row), language=papers.paper_language(wanted=language, of=row)
    )


def _early_card(case: Case, client: Client, *, language: str, now: datetime) -> CardContent:
    plan = plan_of(client)
    elsewhere = closed_to(client)
    texted = plan is not None and plan.sms_allowed and not elsewhere.text
    if not texted and not staff_rungs(without_text(client, elsewhere=elsewhere)):
        raise NothingToAsk(_("The contact plan allows no way of asking this client."))
    if len(clients_of(case)) > 1:
        draw_clients(case=case, wave=CLOSING_WAVE, now=now)
    if not is_drawn(case=case, client=client, wave=CLOSING_WAVE):
        raise NothingToAsk(_("Others of the case's clients were drawn to be asked, so a card would lead nowhere."))
    works_from = papers.card_works_from(case=case, now=now)
    return papers.card_before_asking(
        case=case,
        code=card_code(case=case, recipient=client, wave=CLOSING_WAVE, works_from=works_from),
        language=papers.paper_language(wanted=language),
        works_from=works_from,
        wave=CLOSING_WAVE,
    )


def _put_on_record(
    user: User, conversation: Conversation, *, paper: str, with_number: bool = False, now: datetime
) -> None:
    details = {"paper": paper, "with_number": with_number}
    record_asking(conversation=conversation, actor=user.actor, action="surveys.printed", details=details, at=now)
