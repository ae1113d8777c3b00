"""Recording that a panel met: when, who attended, and its minutes. It advises; one person decides and signs."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.common.errors import InvalidInput, NotIndependent
from qa_service.documents.printable import one_line
from qa_service.documents.quotable import why_not_quotable
from qa_service.organisations.queries import today_at
from scoring.enums import OPEN_STATES, AppealState
from scoring.models import Appeal, PanelMeeting, PanelMember, Proposal
from scoring.queries.notices import took_part
from scoring.queries.proposals import bar_of
from scoring.services.procedure import StepNotDue, locked, require_independent, require_reason

LEAST_MEMBERS = 3
LONGEST_NAME = 50


@transaction.atomic
def record_meeting(
    *,
    proposal: Proposal,
    person: User,
    held_on: date | None,
    members: Collection[User],
    others: Collection[str],
    minutes: str,
    now: datetime,
) -> PanelMeeting:
    """A panel met about a proposal that is not closed, or about the appeal that waits against its notice.

    :raises StepNotDue: neither waits.
    :raises NotIndependent: the person or one who attended marked, handled or is tied; or, about an appeal, had a part
        in the decision.
    :raises InvalidInput: fewer than three attended, somebody is named twice or by signs that no paper prints, no
        minutes, or a day before the proposal or after today.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    appeal = _appeal_of(row)
    if row.state not in OPEN_STATES and appeal is None:
        raise StepNotDue(
            _("This proposal is closed and no appeal waits, so there is nothing for a panel to advise on.")
        )
    names = _names(others, members)
    if len(members) + len(names) < LEAST_MEMBERS:
        raise InvalidInput(
            _("A panel is %(least)d people or more: name all who attended.") % {"least": LEAST_MEMBERS}, field="members"
        )
    for member in members:
        _require_fit(row, appeal, member)
    day = required_day(
        held_on,
        first=today_at(row.centre, row.proposed_at),
        last=today_at(row.centre, now),
        field="held_on",
        missing=_("Enter the day on which the panel met."),
        outside=_("The day lies before the proposal or after today."),
    )
    said = require_reason(minutes, _("Enter the minutes: what was advised, and why."), field="minutes")
    meeting = PanelMeeting.objects.create(
        proposal=row, appeal=appeal, held_on=day, minutes=said, entered_by=person, entered_at=now
    )
    known = [PanelMember(meeting=meeting, person=each, name=str(each)[:LONGEST_NAME]) for each in members]
    PanelMember.objects.bulk_create([*known, *(PanelMember(meeting=meeting, name=name) for name in names)])
    details = {"held_on": str(day), "members": len(known) + len(names)}
    record(actor=person.actor, action="scoring.panel_met", subject=row, details=details, at=now)
    return meeting


def _appeal_of(row: Proposal) -> Appeal | None:
    return Appeal.objects.filter(notice__proposal=row, state=AppealState.LODGED).select_related("notice").first()


def _names(others: Collection[str], members: Collection[User]) -> list[str]:
    """The further people, each once however the signs of a name are spaced, as the minutes will print them.

    A namesake of somebody with an account is told apart by more than the name.
    """
    told = [name for each in others if (name := one_line(each))]
    names = list({_unspaced(name): name for name in reversed(told)}.values())[::-1]
    nameless = next((name for name in names if not any(sign.isalpha() for sign in name)), "")
    if nameless:
        raise InvalidInput(_("“%(name)s” is no name.") % {"name": nameless}, field="others")
    if any(len(name) > LONGEST_NAME for name in names):
        raise InvalidInput(_("A name has at most %(limit)d characters.") % {"limit": LONGEST_NAME}, field="others")
    # The minutes print them, and what is recorded does not change.
    unfit = next(filter(None, (why_not_quotable(name, clients=()) for name in names)), "")
    if unfit:
        raise InvalidInput(unfit, field="others")
    sitting = {_unspaced(str(member)) for member in members}
    twice = next((name for name in names if _unspaced(name) in sitting), "")
    if twice:
        raise InvalidInput(
            _("%(name)s is named twice. Each person who attended counts once.") % {"name": twice}, field="others"
        )
    return names


def _unspaced(name: str) -> str:
    return "".join(name.split())


def _require_fit(row: Proposal, appeal: Appeal | None, member: User) -> None:
    bar = bar_of(row, member)
    if bar is not None:
        raise NotIndependent(
            _("%(name)s cannot sit on this panel: %(why)s.") % {"name": str(member), "why": str(bar.label)}
        )
    if appeal is not None and took_part(appeal.notice, member):
        raise NotIndependent(
            _("%(name)s took part in the decision and cannot sit on the panel of the appeal.") % {"name": str(member)}
        )
