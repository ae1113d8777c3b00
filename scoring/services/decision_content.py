"""What the papers of a decision and of an appeal say, gathered once and frozen as a notice is (`notice_content`)."""

from datetime import date, datetime
from functools import partial

from django.utils.translation import override

from qa_service.cases.queries import client_names
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import issuer_name, today_at
from reviews.queries import confirmed_vetoes
from scoring.documents import AppealDecisionContent, DecisionContent
from scoring.documents.wording import whole_sentence
from scoring.enums import AppealState, NoticeKind, NoticeState, RuleCode
from scoring.models import Appeal, Proposal
from scoring.queries.proposals import sentences, statement_of
from scoring.services.notice_content import NEXT_FILES, findings_of, heard_on, quoted, quoted_findings, remedy_of


def decision_content(*, proposal: Proposal, number: str, undrawn: str = "", now: datetime) -> DecisionContent:
    """As of today, in Chinese; no client stands in it. `undrawn`: as for `notice_content`."""
    case, centre, decision = proposal.the_case, proposal.centre, proposal.decision
    told, notice = statement_of(proposal), proposal.notice
    fit = partial(quoted, clients=client_names(case), undrawn=undrawn)
    with override("zh-hans"):
        return DecisionContent(
            organisation=issuer_name(centre.pk),
            number=number,
            issued_on=today_at(centre, now) if number else None,
            firm=proposal.the_firm.name,
            lawyer=proposal.the_lawyer.name,
            case_number=case.number,
            case_class=str(case.get_case_type_display()),
            facts=tuple(map(whole_sentence, sentences(proposal.evidence))),
            in_favour=tuple(map(whole_sentence, sentences(proposal.counter_evidence))),
            findings=quoted_findings(findings_of(case.pk), fit),
            vetoes=confirmed_vetoes(case.pk),
            decided_on=today_at(centre, decision.decided_at),
            legal_basis=decision.legal_basis,
            reason=fit(decision.reason),
            measures=_measures(proposal),
            remedy=remedy_of(proposal, issuer_name(centre.pk)),
            told_on=(told.served_on or today_at(centre, told.notified_at)) if told else None,
            heard_on=heard_on(proposal),
            panel_met_on=_last_meeting(proposal, appeal=None),
            carried_out_by=notice.label if notice and notice.state != NoticeState.WITHDRAWN else "",
            contact=CentreSettings.objects.get(centre=centre).office_phone,
        )


def appeal_decision_content(
    *, appeal: Appeal, proposal: Proposal, number: str, undrawn: str = "", now: datetime
) -> AppealDecisionContent:
    """As of today, in Chinese; no client stands in it.

    :raises ValueError: the appeal was not answered.
    """
    notice, centre = appeal.notice, proposal.centre
    if appeal.decided_at is None or notice.issued_at is None:
        raise ValueError(f"appeal {appeal.pk} has no answer")
    above, printed = Organisation.objects.get_parent(centre), notice.content
    behind = proposal.papers.filter(kind=NoticeKind.DECISION).first()
    fit = partial(quoted, clients=client_names(proposal.the_case), undrawn=undrawn)
    upheld = appeal.state == AppealState.UPHELD
    return AppealDecisionContent(
        organisation=issuer_name(centre.pk),
        number=number,
        issued_on=today_at(centre, now) if number else None,
        firm=printed["firm"],  # as the notice named them, whatever they are called now
        lawyer=printed["lawyer"],
        case_number=printed["case_number"],
        case_class=printed["case_class"],
        notice=notice.label,
        notice_title=notice.title,
        notice_issued_on=today_at(notice.issuer, notice.issued_at),
        decision=behind.label if behind else "",
        received_on=appeal.received_on or today_at(notice.issuer, appeal.lodged_at),
        grounds=fit(appeal.text),
        upheld=upheld,
        answer=fit(appeal.answer),
        answered_on=today_at(centre, appeal.decided_at),
        legal_basis=proposal.decision.legal_basis,
        panel_met_on=_last_meeting(proposal, appeal=appeal),
        report_by=None if upheld else date.fromisoformat(printed["report_by"]),
        above=above.name if above else "",
        contact=printed.get("contact", ""),
    )


def _measures(proposal: Proposal) -> tuple[str, ...]:
    """No more than the lawyer was heard about."""
    measures: tuple[str, ...] = (
        "限期整改：到本中心接受约谈，对照认定的问题逐项补正，并提交书面整改报告",
        f"执行本决定的整改通知书签发之日后办结的{NEXT_FILES}件法律援助案件，全部纳入案件质量评查",
    )
    if proposal.code == RuleCode.S3:
        months = proposal.rule.thresholds["reduced_months"]
        measures += ("参加针对上述问题的业务培训", f"自整改通知书送达之日起{months}个月内减少指派案件")
    return measures


def _last_meeting(proposal: Proposal, *, appeal: Appeal | None) -> date | None:
    """When a panel last met about the proposal, or about the appeal."""
    return proposal.meetings.filter(appeal=appeal).order_by("held_on").values_list("held_on", flat=True).last()
