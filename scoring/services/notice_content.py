"""What a notice says, gathered once and frozen: official papers are Chinese, and no client stands in them."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import cattrs
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.common.periods import Period
from qa_service.common.workdays import add_workdays
from qa_service.documents.content import Verification
from qa_service.documents.quotable import without_clients
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import calendar, issuer_name, today_at
from reviews.queries import MarkShown, confirmed_vetoes, released_result, sections_shown
from scoring.documents import (
    AppealDecisionContent,
    DecisionContent,
    NoticeContent,
    SupervisionContent,
    commendation_title,
    commended,
)
from scoring.documents.content import (
    CommendationContent,
    CommendedBody,
    CommendedCase,
    Display,
    Finding,
    Measure,
    RectificationContent,
    Remedy,
)
from scoring.documents.decision import APPEAL_TITLE
from scoring.documents.decision import TITLE as DECISION_TITLE
from scoring.documents.score_basis import ScoreBasis, SourcePoints
from scoring.documents.supervision import TITLE as SUPERVISION_TITLE
from scoring.enums import Grade, NoticeKind, Point, RuleCode, Subject
from scoring.models import CaseScore, Proposal
from scoring.numbering import broken_title
from scoring.policy import FOR_COMPLAINTS, months_before
from scoring.queries.concerned import told_here
from scoring.queries.proposals import statement_of
from scoring.queries.reports import assessment_of
from scoring.queries.scores import lines_behind
from scoring.services.procedure import RECTIFY_WORKDAYS

INTERVIEW_WORKDAYS = 10
NEXT_FILES = 3
APPEAL_WORKDAYS = 10
FULL = Decimal(100)
NO_SORT = "〓"  # what a compositor sets for a sign that the case lacks
TYPES: dict[str, type] = {
    NoticeKind.COMMENDATION: CommendationContent,
    NoticeKind.RECTIFICATION: RectificationContent,
    NoticeKind.DECISION: DecisionContent,
    NoticeKind.APPEAL_DECISION: AppealDecisionContent,
    NoticeKind.SUPERVISION: SupervisionContent,
}
# As lists and the verification page name them, in one line.
TITLES: dict[type, str] = {
    RectificationContent: "整改通知书",
    DecisionContent: "".join(DECISION_TITLE),
    AppealDecisionContent: "".join(APPEAL_TITLE),
    SupervisionContent: "".join(SUPERVISION_TITLE),
}
Content = NoticeContent

_converter = cattrs.Converter(forbid_extra_keys=True)
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda text, _type: date.fromisoformat(text))
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda text, _type: Decimal(text))


def frozen(content: Content) -> dict[str, Any]:
    stored: dict[str, Any] = _converter.unstructure(content)
    return stored


def thawed(kind: str, stored: dict[str, Any]) -> Content:
    content: Content = _converter.structure(stored, TYPES[kind])
    return content


def content_digest(stored: dict[str, Any]) -> str:
    """SHA-256 of the canonical text of the content, without the mark of its own verification."""
    text = json.dumps({**stored, "verification": None}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verification(*, code: str, digest: str) -> Verification:
    base = settings.PUBLIC_BASE_URL
    return Verification(url=f"{base}/v/{code}", code=code, host=urlsplit(base).netloc, digest=digest[:16])


def notice_content(
    *,
    proposal: Proposal,
    kind: NoticeKind,
    number: str,
    signer: User | None,
    now: datetime,
    undrawn: str = "",
    title: str = "",
) -> Content:
    """The content as of today, in Chinese.

    :param signer: 签发人, the person who issues it; None on a draft for somebody who may not.
    :param undrawn: signs that no font at hand draws; where a text is quoted, 〓 stands for each.
    :param title: the title of a circular with the breaks that somebody chose; empty for the standard ones.
    :raises InvalidInput: these break other words, or stand badly.
    """
    with translation.override("zh-hans"):
        if kind == NoticeKind.COMMENDATION:
            plain = _commendation(proposal, number=number, signer=signer, now=now)
            return (
                replace(plain, title_lines=broken_title(title, standard=standard_title(proposal))) if title else plain
            )
        return _quoting(
            _rectification(proposal, number=number, now=now), clients=client_names(proposal.the_case), undrawn=undrawn
        )


def standard_title(proposal: Proposal) -> tuple[str, ...]:
    """The lines of the title of its circular, as they stand where nobody moved the breaks."""
    period = proposal.period or Period.quarter_of(proposal.the_case.day_closed)
    return commendation_title(
        organisation=issuer_name(proposal.centre_id),
        period_label=_period_label(period),
        body=_commended_body(proposal) if proposal.period else None,
    )


def _quoting(content: RectificationContent, *, clients: Collection[str], undrawn: str) -> RectificationContent:
    """What people typed, fit to be printed: nobody can correct locked marks or a decision, and the notice must go out.

    A lawyer or a firm may bear the client's name by chance and keeps it; a name no font can draw refuses the paper. A
    surname becomes 某, which is true also where another who bears it is meant.
    """
    fit = partial(quoted, clients=clients, undrawn=undrawn)
    return replace(content, findings=quoted_findings(content.findings, fit), reason=fit(content.reason))


def findings_on_paper(case: Case) -> tuple[Finding, ...]:
    """As `findings_of`, for a page that is printed and handed over: no client stands in it."""
    return quoted_findings(findings_of(case.pk), partial(quoted, clients=client_names(case), undrawn=""))


def quoted_findings(findings: Iterable[Finding], fit: Callable[[str], str]) -> tuple[Finding, ...]:
    return tuple(replace(finding, fact=fit(finding.fact), pages=fit(finding.pages)) for finding in findings)


def quoted(words: str, *, clients: Collection[str], undrawn: str) -> str:
    """What somebody typed, fit to be printed: no client, and no sign that no font at hand draws."""
    return undrawable(without_clients(words, clients=clients), undrawn)


def undrawable(words: str, signs: str) -> str:
    """The words with 〓 in the place of each sign that no font at hand draws."""
    return words.translate({ord(sign): NO_SORT for sign in signs})


def notice_title(content: Content) -> str:
    """One line for lists and the verification page."""
    if isinstance(content, CommendationContent):
        whom = commended(content.body)
        return f"关于表扬{content.period_label}法律援助{whom}的通报"
    return TITLES[type(content)]


def _commendation(proposal: Proposal, *, number: str, signer: User | None, now: datetime) -> CommendationContent:
    display, centre = proposal.display, proposal.centre
    today = today_at(centre, now)
    above = Organisation.objects.get_parent(centre)
    organisation = issuer_name(proposal.centre_id)
    period = proposal.period or Period.quarter_of(proposal.the_case.day_closed)
    return CommendationContent(
        organisation=organisation,
        number=number,
        issued_on=today,
        addressees="各律师事务所、基层法律服务所，各法律援助工作站",
        period_label=_period_label(period),
        first_day=period.start,
        last_day=min(date.fromordinal(period.end.toordinal() - 1), today),
        cases=() if proposal.period else (_commended_case(proposal),),
        display=Display(display.starts_on, display.ends_on, display.workdays),
        assessment=None if proposal.period else assessment_of(centre, period),
        approved_by=f"签发人{signer.display_name if signer else '〔待定〕'}",
        mark=organisation,
        copies_to=above.name if above else "",
        printing_office=organisation,
        printed_on=today,
        body=_commended_body(proposal) if proposal.period else None,
    )


def _commended_case(proposal: Proposal) -> CommendedCase:
    case = proposal.the_case
    return CommendedCase(
        case_number=case.number,
        case_class=str(case.get_case_type_display()),
        lawyer=proposal.the_lawyer.name,
        firm=proposal.the_firm.name,
        score=proposal.score or Decimal(0),
    )


def _commended_body(proposal: Proposal) -> CommendedBody:
    """By the figures that the decision rested on, which stand with the proposal."""
    said = {each["point"]: each["figures"] for each in proposal.evidence}
    of_lawyer = proposal.subject == Subject.LAWYER
    return CommendedBody(
        name=proposal.named,
        of=proposal.the_firm.name if of_lawyer else "",
        graded=int(said[Point.GRADED]["count"]),
        due=int(said[Point.IN_TIME]["whole"]),
        in_time=int(said[Point.IN_TIME]["part"]),
    )


def _rectification(proposal: Proposal, *, number: str, now: datetime) -> RectificationContent:
    case, today = proposal.the_case, today_at(proposal.centre, now)
    report_by = add_workdays(today, RECTIFY_WORKDAYS, calendar())
    organisation = issuer_name(proposal.centre_id)
    return RectificationContent(
        organisation=organisation,
        number=number,
        issued_on=today,
        firm=proposal.the_firm.name,
        lawyer=proposal.the_lawyer.name,
        case_number=case.number,
        case_class=str(case.get_case_type_display()),
        review="本中心案件质量评查",
        score=proposal.score or Decimal(0),
        grade=str(_grade_today(proposal).label),
        findings=tuple(findings_of(case.pk)),
        # No more than the lawyer was heard about: what the page of the proposal announces.
        measures=(
            Measure(
                "承办人员到本中心接受约谈，当面说明情况",
                add_workdays(today, INTERVIEW_WORKDAYS, calendar()),
            ),
            Measure("对照上述问题逐项补正，能够补正的案卷材料予以补正", report_by),
            *_measures_of_repetition(proposal, today=today, report_by=report_by),
        ),
        remedy=remedy_of(proposal, organisation),
        report_by=report_by,
        next_files=NEXT_FILES,
        heard_on=heard_on(proposal),
        contact=CentreSettings.objects.get(centre=proposal.centre_id).office_phone,
        legal_basis=proposal.decision.legal_basis,
        reason=proposal.decision.reason,
        vetoes=confirmed_vetoes(case.pk),
        basis=_basis(proposal),
        complaints=_complaints(proposal),
    )


def _grade_today(proposal: Proposal) -> Grade:
    """A fail, but where upheld complaints alone are what it rests on."""
    if not proposal.trigger.startswith(FOR_COMPLAINTS):
        return Grade.FAIL
    return Grade(CaseScore.objects.current().values_list("grade", flat=True).get(case=proposal.case_id))


def _complaints(proposal: Proposal) -> int:
    """How many upheld complaints the proposal counted; none where it rests on marks alone."""
    counted = (each["figures"]["count"] for each in proposal.evidence if each["point"] == Point.COMPLAINTS)
    return int(next(counted, 0))


def _measures_of_repetition(proposal: Proposal, *, today: date, report_by: date) -> tuple[Measure, ...]:
    if proposal.code != RuleCode.S3:
        return ()
    months = proposal.rule.thresholds["reduced_months"]
    return (
        Measure("参加针对上述问题的业务培训", report_by),
        Measure(f"自送达之日起{months}个月内减少指派案件", months_before(today, -months)),
    )


def heard_on(proposal: Proposal) -> date | None:
    """The day on which the lawyer's statement came in, whenever somebody typed it in; None when none came."""
    statement = statement_of(proposal)
    if statement is None or statement.submitted_at is None:
        return None
    return statement.received_on or today_at(proposal.centre, statement.submitted_at)


def _basis(proposal: Proposal) -> ScoreBasis | None:
    """Of the released marks, which the proposal rests on: `require_ground` sees to that before a notice is made."""
    result = released_result(proposal.the_case.pk)
    if result is None:
        return None
    return ScoreBasis(
        sources=tuple(
            SourcePoints(line.source, line.value, line.weight)
            for line in lines_behind(proposal)
            if line.value is not None
        ),
        readers=result.readers,
        not_applicable=any(item["share"] is None for item in result.items),
    )


def remedy_of(proposal: Proposal, authority: str) -> Remedy:
    """Who has no account appeals on paper, and is told of no page."""
    remedy = Remedy(workdays=APPEAL_WORKDAYS, authority=authority)
    return remedy if told_here(proposal) else replace(remedy, path="")


def findings_of(case_id: int) -> list[Finding]:
    """Every item of the released result that lost points, with the readers' reasons and pages, in today's language."""
    result = released_result(case_id)
    if result is None:
        return []
    found = []
    for section in sections_shown(result):
        for item in section.items:
            if item.share is None or item.share >= FULL or item.earned is None:
                continue
            facts = dict.fromkeys(part for mark in item.marks for part in _said(mark) if part)
            pages = dict.fromkeys(mark.page for mark in item.marks if mark.page)
            lost = item.points - Decimal(item.earned)
            found.append(
                Finding(
                    f"{item.code} {item.title}",
                    _one_sentence(facts) or _("Below the standard"),
                    "、".join(pages) or pgettext("pages", "none"),
                    lost,
                )
            )
    return found


def _one_sentence(facts: Iterable[str]) -> str:
    """Several remarks read as one: a full stop before the semicolon would make two marks of one end."""
    *before, last = [*facts] or [""]
    return "；".join([*(fact.rstrip("。；，.; ") for fact in before), last])


def _said(mark: MarkShown) -> tuple[str, ...]:
    """The reason and the reader's words."""
    return (mark.comment,) if mark.explained else (mark.reason, mark.comment)


def period_on_paper(proposal: Proposal) -> str:
    """What a Chinese paper calls the period that a proposal is about.

    :raises ValueError: it is about a case.
    """
    if proposal.period is None:
        raise ValueError(f"{proposal} is about no period")
    return _period_label(proposal.period)


def _period_label(period: Period) -> str:
    if period.is_year:
        return f"{period.start.year}年度"
    return _quarter_label(period)


def _quarter_label(quarter: Period) -> str:
    return f"{quarter.start.year}年第{'一二三四'[(quarter.start.month - 1) // 3]}季度"
