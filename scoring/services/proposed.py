"""What the lawyer is heard about: one source for the page of the proposal, its paper, the lawyer's page and the API."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.documents.content import Finding
from scoring.enums import ProposalState, RuleCode
from scoring.models import Proposal
from scoring.queries.proposals import needs_hearing
from scoring.services.notice_content import INTERVIEW_WORKDAYS, NEXT_FILES, findings_on_paper
from scoring.services.procedure import COACHING_WORKDAYS, RECTIFY_WORKDAYS

UNDECIDED = (ProposalState.PROPOSED, ProposalState.HEARING)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would follow, in sentences, and what was found in the file: no client stands in it, and no reader's name."""

    measures: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def what_is_proposed(proposal: Proposal) -> Proposed:
    """In today's language; empty where nobody is heard, and once it is decided: then the notice says what holds."""
    if proposal.state not in UNDECIDED or not needs_hearing(proposal):
        return Proposed()
    return Proposed(_measures(proposal), findings_on_paper(proposal.the_case))


def _measures(proposal: Proposal) -> tuple[str, ...]:
    code = RuleCode(proposal.code)
    if code == RuleCode.S1:
        coaching = _(
            "Coaching on the items named below, within %(days)s working days of the decision. It is no sanction and is "
            "not published."
        )
        return (coaching % {"days": COACHING_WORKDAYS},)
    if code == RuleCode.S4:
        return (_("The competent authority is asked to suspend assignments. It decides; the centre suspends nothing."),)
    measures: tuple[str, ...] = (
        _("a talk at the centre, within %(days)s working days of the notice") % {"days": INTERVIEW_WORKDAYS},
        _("correction of what was found, and a written report on it, within %(days)s working days of the notice")
        % {"days": RECTIFY_WORKDAYS},
        _("the next %(count)s cases that the lawyer closes are all read") % {"count": NEXT_FILES},
    )
    if code == RuleCode.S3:
        months = proposal.rule.thresholds["reduced_months"]
        measures += (
            _("training on what was found, within %(days)s working days of the notice") % {"days": RECTIFY_WORKDAYS},
            ngettext("fewer assignments for %(months)s month", "fewer assignments for %(months)s months", months)
            % {"months": months},
        )
    return measures
