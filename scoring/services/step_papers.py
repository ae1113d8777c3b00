"""Papers of single steps, drawn when they are asked for from rows that no longer change."""

from dataclasses import replace
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict
from qa_service.documents.errors import MissingGlyph
from qa_service.documents.quotable import without_clients
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import issuer_name, today_at
from scoring.documents import (
    appeal_answer_pdf,
    certificate_pdf,
    display_pdf,
    minutes_docx,
    minutes_pdf,
    receipt_pdf,
    referral_docx,
    referral_pdf,
)
from scoring.documents.content import CommendationContent
from scoring.documents.minutes import MinutesContent
from scoring.documents.referral import ReferralContent
from scoring.documents.steps import AppealAnswerContent, DisplayContent, DisplayedBody, DisplayedCase, ReceiptContent
from scoring.documents.wording import whole_sentence
from scoring.enums import AppealState, NoticeState, ProposalState, ReferralKind, Subject
from scoring.models import Appeal, Notice, PanelMeeting, Proposal, PublicDisplay
from scoring.queries.proposals import DECIDED, may_criticise, sentences, statement_of
from scoring.services.notice_content import heard_on, period_on_paper, undrawable
from scoring.services.printing import content_of

NO_MORE = (ProposalState.DECLINED, ProposalState.OVERTAKEN)


class NotInForce(Conflict):
    """The paper would say what does not stand."""

    code = "not_in_force"


def display_paper(display: PublicDisplay) -> bytes:
    """One sheet for the board with every case that the centre displays on the same days.

    :raises MissingGlyph: a name cannot be drawn; :raises FontsNotReady, FontUnusable.
    """
    centre = display.proposal.centre
    shown = (
        PublicDisplay.objects.filter(
            proposal__centre=centre, starts_on=display.starts_on, ends_on=display.ends_on, stopped_at=None
        )
        .exclude(proposal__state__in=NO_MORE)
        .select_related("proposal__case", "proposal__lawyer", "proposal__firm", "proposal__station")
        .order_by("pk")
    )
    content = DisplayContent(
        organisation=issuer_name(centre.pk),
        cases=tuple(_displayed_case(row.proposal) for row in shown if row.proposal.case_id is not None),
        bodies=tuple(_displayed_body(row.proposal) for row in shown if row.proposal.case_id is None),
        first_day=display.starts_on,
        last_day=display.ends_on,
        workdays=display.workdays,
        office_phone=CentreSettings.objects.get(centre=centre).office_phone,
        address=urljoin(settings.PUBLIC_BASE_URL, reverse("scoring:displays")),
    )
    return display_pdf(content)


def _displayed_case(proposal: Proposal) -> DisplayedCase:
    case = proposal.the_case
    return DisplayedCase(
        case_number=case.number,
        case_class=case.get_case_type_display(),
        lawyer=proposal.the_lawyer.name,
        firm=proposal.the_firm.name,
    )


def _displayed_body(proposal: Proposal) -> DisplayedBody:
    of = proposal.the_firm.name if proposal.subject == Subject.LAWYER else ""
    return DisplayedBody(proposal.named, of, period_on_paper(proposal))


def receipt_paper(proposal: Proposal) -> bytes:
    """Of the paper that tells a lawyer of the proposal, by hand.

    :raises MissingGlyph: a name cannot be drawn; :raises FontsNotReady, FontUnusable.
    """
    return receipt_pdf(
        ReceiptContent(
            organisation=issuer_name(proposal.centre_id),
            firm=proposal.the_firm.name,
            lawyer=proposal.the_lawyer.name,
            case_number=proposal.the_case.number,
        )
    )


def certificate_paper(notice: Notice) -> bytes:
    """证书 of a commendation in force, with the code of its circular: when that is withdrawn, the code says so.

    :raises NotInForce: it is no commendation that stands; :raises MissingGlyph, FontsNotReady, FontUnusable.
    """
    content = content_of(notice)
    if notice.state != NoticeState.ISSUED or not isinstance(content, CommendationContent):
        raise NotInForce(_("There is a certificate of a commendation in force alone."))
    return certificate_pdf(content, title=notice.title)


def answer_paper(appeal: Appeal) -> bytes:
    """The written answer with its receipt. A sign of the answer that no font at hand draws is printed as 〓.

    :raises MissingGlyph: a name cannot be drawn; :raises FontsNotReady, FontUnusable.
    :raises ValueError: the appeal was not answered.
    """
    notice = appeal.notice
    if appeal.decided_at is None or notice.issued_at is None:
        raise ValueError(f"appeal {appeal.pk} has no answer")
    printed = notice.content  # as the notice named them, whatever they are called now
    content = AppealAnswerContent(
        organisation=printed["organisation"],
        firm=printed["firm"],
        lawyer=printed["lawyer"],
        notice=notice.label,
        notice_title=notice.title,
        notice_issued_on=today_at(notice.issuer, notice.issued_at),
        received_on=appeal.received_on or today_at(notice.issuer, appeal.lodged_at),
        upheld=appeal.state == AppealState.UPHELD,
        answer=without_clients(appeal.answer, clients=client_names(notice.the_case)),
        answered_on=today_at(notice.issuer, appeal.decided_at),
        contact=printed.get("contact", ""),
    )
    try:
        return appeal_answer_pdf(content)
    except MissingGlyph as missing:
        return appeal_answer_pdf(replace(content, answer=undrawable(content.answer, missing.characters)))


def has_letter(proposal: Proposal) -> bool:
    """Whether a referral left, or one was decided that may leave."""
    referral = getattr(proposal, "referral", None)
    if referral is None:
        return may_criticise(proposal)
    return referral.sent_on is not None or proposal.state in DECIDED


def referral_letter(proposal: Proposal) -> bytes:
    """The letter with the number and the day that were recorded; before, a draft. 〓 stands for a sign of the reason
    that no font at hand draws.

    :raises MissingGlyph: a name cannot be drawn; :raises FontsNotReady, FontUnusable.
    """
    content = _referral(proposal)
    try:
        return referral_pdf(content)
    except MissingGlyph as missing:
        return referral_pdf(replace(content, reason=undrawable(content.reason, missing.characters)))


def editable_referral(proposal: Proposal) -> bytes:
    """The same as a .docx: the office words it, numbers it and sends it."""
    return referral_docx(_referral(proposal))


def _referral(proposal: Proposal) -> ReferralContent:
    """Once it is sent, of what was decided before alone, which no longer changes."""
    referral, told = getattr(proposal, "referral", None), statement_of(proposal)
    centre, decision = proposal.centre, proposal.decision
    with override("zh-hans"):
        return ReferralContent(
            organisation=issuer_name(centre.pk),
            addressee=(referral.addressee if referral else "") or proposal.rule.authority,
            number=referral.reference if referral else "",
            sent_on=referral.sent_on if referral else None,
            suspends=referral is not None and referral.kind == ReferralKind.SUSPENSION,
            lawyer=proposal.the_lawyer.name,
            firm=proposal.the_firm.name,
            case_number=proposal.the_case.number,
            case_class=str(proposal.the_case.get_case_type_display()),
            facts=tuple(map(whole_sentence, sentences(proposal.evidence))),
            in_favour=tuple(map(whole_sentence, sentences(proposal.counter_evidence))),
            decided_on=today_at(centre, decision.decided_at),
            legal_basis=decision.legal_basis or proposal.rule.legal_basis,
            reason=without_clients(decision.reason, clients=client_names(proposal.the_case)),
            told_on=(told.served_on or today_at(centre, told.notified_at)) if told else None,
            heard_on=heard_on(proposal),
            contact=CentreSettings.objects.get(centre=centre).office_phone,
        )


def panel_minutes(meeting: PanelMeeting) -> bytes:
    """The record of a meeting. 〓 stands for a sign of the minutes that no font at hand draws.

    :raises MissingGlyph: a name cannot be drawn; :raises FontsNotReady, FontUnusable.
    """
    content = _minutes(meeting)
    try:
        return minutes_pdf(content)
    except MissingGlyph as missing:
        return minutes_pdf(replace(content, minutes=undrawable(content.minutes, missing.characters)))


def editable_minutes(meeting: PanelMeeting) -> bytes:
    return minutes_docx(_minutes(meeting))


def _minutes(meeting: PanelMeeting) -> MinutesContent:
    row = meeting.proposal
    with override("zh-hans"):
        return MinutesContent(
            organisation=issuer_name(row.centre_id),
            held_on=meeting.held_on,
            matter=str(row.get_code_display()),
            case_number=row.case.number if row.case else "",
            case_class=str(row.case.get_case_type_display()) if row.case else "",
            lawyer=row.lawyer.name if row.lawyer else "",
            firm=row.firm.name if row.firm else row.named,
            period="" if row.case else period_on_paper(row),
            members=tuple(member.name for member in meeting.members.order_by("pk")),
            minutes=without_clients(meeting.minutes, clients=client_names(row.case) if row.case else ()),
            recorded_by=str(meeting.entered_by),
            appealed=f"《{meeting.appeal.notice.title}》（{meeting.appeal.notice.label}）" if meeting.appeal else "",
        )
