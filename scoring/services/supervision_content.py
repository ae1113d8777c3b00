"""What the letter of a bureau to one of its centres says (督办函), gathered once and frozen as a notice is."""

from datetime import datetime

from django.utils.translation import override

from qa_service.common.workdays import add_workdays
from qa_service.organisations.queries import calendar, issuer_name, today_at
from scoring.documents import SupervisionContent
from scoring.documents.wording import whole_sentence
from scoring.enums import NoticeKind, Point
from scoring.models import Proposal
from scoring.queries.proposals import sentences
from scoring.services.notice_content import period_on_paper, quoted
from scoring.services.numbered import issuer_of
from scoring.services.procedure import RECTIFY_WORKDAYS

# What is asked for follows from which clock was not kept.
ASKED = {
    Point.RATINGS_LATE: "对尚未处理的不满意评价逐件处理，今后按规定时限答复",
    Point.ASSIGNED_LATE: "对尚未指派的案件立即指派，今后按规定时限指派承办人员",
}


def supervision_content(*, proposal: Proposal, number: str, undrawn: str = "", now: datetime) -> SupervisionContent:
    """As of today, in Chinese: counts alone, no case, no lawyer, no client. `undrawn`: as for `notice_content`."""
    centre, decision = proposal.centre, proposal.decision
    today, said = today_at(centre, now), {Point(each["point"]) for each in proposal.evidence}
    with override("zh-hans"):
        return SupervisionContent(
            organisation=issuer_name(issuer_of(proposal, NoticeKind.SUPERVISION).pk),
            number=number,
            issued_on=today if number else None,
            centre=issuer_name(centre.pk),
            period_label=period_on_paper(proposal),
            facts=tuple(map(whole_sentence, sentences(proposal.evidence))),
            in_favour=tuple(map(whole_sentence, sentences(proposal.counter_evidence))),
            decided_on=today_at(centre, decision.decided_at),
            legal_basis=decision.legal_basis,
            # Who decided was refused a client's name: `decide`.
            reason=quoted(decision.reason, clients=(), undrawn=undrawn),
            requests=(
                "查明超过时限的原因和环节，明确责任岗位",
                *(asked for point, asked in ASKED.items() if point in said),
                "制定改进措施，每月核对办理时限",
            ),
            report_by=add_workdays(today, RECTIFY_WORKDAYS, calendar()),
        )
