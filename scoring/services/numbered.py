"""The number of a paper (发文字号), and the row that bears it with the frozen content."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import Conflict
from qa_service.common.tokens import new_verify_code
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import today_at
from scoring.documents import NoticeContent
from scoring.enums import NoticeKind
from scoring.models import Notice, NumberCounter, Proposal
from scoring.numbering import own_number, series_label
from scoring.services.notice_content import content_digest, frozen, notice_title

# 发文代字: the centre's prefix and one sign a kind, so that two series never share a number. A kind that is not here is
# the bureau's, whose office gives the number.
SERIES = {
    NoticeKind.COMMENDATION: "通",
    NoticeKind.RECTIFICATION: "改",
    NoticeKind.DECISION: "决",
    NoticeKind.APPEAL_DECISION: "复",
}


class NumberTaken(Conflict):
    """Two papers of one office never bear the same number."""

    code = "number_taken"


def issuer_of(proposal: Proposal, kind: NoticeKind) -> Organisation:
    """The centre; of a letter to the centre the bureau right above it.

    :raises ValueError: nothing is above it, so nobody could have decided.
    """
    if kind != NoticeKind.SUPERVISION:
        return proposal.centre
    bureau: Organisation | None = Organisation.objects.get_parent(proposal.centre)
    if bureau is None:
        raise ValueError(f"{proposal} is about a centre below no bureau")
    return bureau


def label_of(proposal: Proposal, kind: NoticeKind, number: int, *, now: datetime) -> str:
    return series_label(_mark(proposal, kind), today_at(proposal.centre, now).year, number)


def given_number(proposal: Proposal, typed: str, *, now: datetime) -> str:
    """What the office gave, if no paper of this centre or of another below the same bureau bears it.

    :raises InvalidInput: another form or year, or a number of the centre's own series; :raises NumberTaken.
    """
    marks = [_mark(proposal, kind) for kind in SERIES]
    label = own_number(typed, year=today_at(proposal.centre, now).year, series=marks)
    office = Organisation.objects.get_parent(proposal.centre) or proposal.centre
    if Notice.objects.filter(issuer__path__startswith=office.path, label=label).exists():
        raise _taken(label)
    return label


def next_number(proposal: Proposal, kind: NoticeKind, *, now: datetime) -> int:
    """In the caller's transaction: a number that is rolled back was never given."""
    series: dict[str, Any] = {
        "issuer_id": proposal.centre_id,
        "kind": kind,
        "year": today_at(proposal.centre, now).year,
    }
    NumberCounter.objects.get_or_create(**series)
    counter = NumberCounter.objects.select_for_update().get(**series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def written(
    proposal: Proposal, kind: NoticeKind, person: User, content: NoticeContent, *, number: int | None, now: datetime
) -> Notice:
    """`number`: in the centre's series; None for one that was given.

    :raises NumberTaken: somebody issued under it this moment, or before the prefix of the series was what it is now.
    """
    stored, issuer = frozen(content), issuer_of(proposal, kind)
    try:
        with transaction.atomic():
            return Notice.objects.create(
                kind=kind,
                issuer=issuer,
                year=today_at(proposal.centre, now).year,
                number=number,
                label=content.number,
                proposal=proposal,
                case=proposal.case,
                lawyer=proposal.lawyer,
                firm=proposal.firm,
                station=proposal.station,
                title=notice_title(content),
                content=stored,
                content_sha256=content_digest(stored),
                verify_code=new_verify_code(),
                numbered_at=now,
                numbered_by=person,
            )
    except IntegrityError:
        if Notice.objects.filter(issuer=issuer, label=content.number).exists():
            raise _taken(content.number) from None
        raise


def _mark(proposal: Proposal, kind: NoticeKind) -> str:
    return f"{CentreSettings.objects.get(centre=proposal.centre_id).document_prefix}{SERIES[kind]}"


def _taken(label: str) -> NumberTaken:
    return NumberTaken(
        _("%(label)s is the number of another paper. Nothing was issued.") % {"label": label}, field="own_number"
    )
