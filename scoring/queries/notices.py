"""Reading notices: lists, one's own, and what anybody may know of one by its code."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import lawyer_reads_here
from qa_service.common.period_names import period_in_words
from qa_service.common.periods import Period
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.queries import Handled, cases_marked_by, tied_to
from scoring.enums import HANDED_OVER, AppealState, NoticeKind, NoticeState, ProposalState
from scoring.models import Appeal, NextFiles, Notice, Proposal, PublicDisplay
from scoring.models.notices import IN_THE_OPEN, SANCTION_SHOWN_FOR
from scoring.queries.concerned import told_here


@dataclass(frozen=True, slots=True)
class Verified:
    """What the public verification page says. No name stands here for a rectification; a masked one for others.

    `digest` is printed on the paper; `file_sha256` proves the file itself.
    """

    state: NoticeState
    kind: NoticeKind
    label: str
    title: str
    issuer: str
    issued_on: date
    digest: str
    file_sha256: str
    about: str = ""
    withdrawn_on: date | None = None
    # Of a withdrawn one: what was issued about the same case since, and stands.
    replaced_by: str = ""


def notices_seen_by(user: User) -> QuerySet[Notice]:
    return (
        Notice.objects.visible_to(user)
        .select_related("case", "lawyer", "firm", "station", "issuer", "proposal__centre")
        .order_by("-numbered_at", "-pk")
    )


def notices_to_serve(user: User) -> QuerySet[Notice]:
    """Papers on a sanction whose lawyer has no account and was not handed them yet, the longest waiting first.

    Those of lawyers who have an account by now are told there, by the next sweep.
    """
    waiting = notices_seen_by(user).filter(kind__in=HANDED_OVER, state=NoticeState.ISSUED, delivered_on=None)
    return waiting.exclude(lawyer_reads_here("lawyer")).order_by("issued_at", "pk")


def notices_in_force(user: User, *, kind: str = "", period: Period | None = None) -> QuerySet[Notice]:
    """Those with a file that stand, the first issued first; of one kind, and of a period in the zone of the service."""
    rows = notices_seen_by(user).filter(state=NoticeState.ISSUED).order_by("issued_at", "pk")
    if kind:
        rows = rows.filter(kind=kind)
    if period:
        rows = rows.filter(issued_at__date__gte=period.start, issued_at__date__lt=period.end)
    return rows


def groundless_notices(user: User) -> QuerySet[Notice]:
    """Notices in force whose case lost the grade they speak of, for those who may withdraw them; the oldest first."""
    seen = notices_seen_by(user).filter(proposal__in=Proposal.objects.visible_to(user))
    return seen.filter(state=NoticeState.ISSUED, ground_gone_at__isnull=False).order_by("ground_gone_at", "pk")


def notices_of(lawyer_id: int, *, now: datetime) -> QuerySet[Notice]:
    """A lawyer's own notices; what is no praise expires from view."""
    own = Notice.objects.filter(lawyer=lawyer_id, state__in=IN_THE_OPEN, issued_at__isnull=False).select_related("case")
    shown = Q(kind=NoticeKind.COMMENDATION) | Q(issued_at__gte=now - SANCTION_SHOWN_FOR)
    return own.filter(shown).order_by("-issued_at", "-pk")


def appeal_waits(notice: Notice) -> bool:
    """Whether an appeal against what this paper is about waits for its answer."""
    return Appeal.objects.filter(notice__proposal=notice.proposal_id, state=AppealState.LODGED).exists()


def open_appeals(user: User) -> QuerySet[Appeal]:
    seen = Notice.objects.visible_to(user)
    return Appeal.objects.filter(notice__in=seen, state=AppealState.LODGED).select_related("notice").order_by("due_on")


def appeals_to_answer(user: User) -> list[Appeal]:
    """Open appeals that this person may answer, the most urgent first: who took part in one is not asked."""
    seen = open_appeals(user).filter(notice__proposal__in=Proposal.objects.visible_to(user))
    took = Q(notice__proposal__statement__notified_by=user)
    took |= Q(notice__proposal__decision__decided_by=user)
    took |= Q(notice__proposal__in=Notice.objects.filter(numbered_by=user).values("proposal"))
    rows = list(seen.exclude(took).select_related("notice__proposal__case"))
    handled = [each for row in rows for each in _handled(row)]
    barred = tied_to(user, handled)
    marked = cases_marked_by(user.pk, [pk for row in rows if (pk := row.notice.case_id)])
    return [row for row in rows if row.pk not in barred and row.notice.case_id not in marked]


def _handled(appeal: Appeal) -> tuple[Handled, Handled]:
    """Who handled the case when it was proposed, and who does today."""
    proposal, case = appeal.notice.proposal, appeal.notice.proposal.the_case
    return (
        Handled(appeal.pk, proposal.lawyer_id or 0, proposal.firm_id or 0, case.begun_on),
        Handled(appeal.pk, case.lawyer_id, case.firm_id, case.begun_on),
    )


def appeal_keyed_in_here(notice: Notice) -> bool:
    """Whether staff enter the appeal: served on paper, or the account on which the lawyer was told was closed since."""
    told = notice.delivered_on is not None
    return told and (notice.served_by_id is not None or not told_here(notice))


def next_files_of(notice: Notice) -> tuple[int, int] | None:
    """How many of the lawyer's next files were put before the sample, and how many are to be; None without any."""
    row = NextFiles.objects.filter(notice=notice).annotate(found=Count("files")).first()
    return (row.found, row.wanted) if row else None


def took_part(notice: Notice, person: User) -> bool:
    """In what the appeal is about: told the lawyer, decided, or issued."""
    proposal = notice.proposal
    statement, decision = getattr(proposal, "statement", None), getattr(proposal, "decision", None)
    named = {statement and statement.notified_by_id, decision and decision.decided_by_id}
    return person.pk in named or Notice.objects.filter(proposal=proposal, numbered_by=person).exists()


def verified(code: str) -> Verified | None:
    """A notice by its code, while or after it was in force; None when there is none."""
    plain = code.strip().upper().replace("-", "").replace(" ", "")
    notice = (
        Notice.objects.filter(verify_code=plain, state__in=IN_THE_OPEN)
        .select_related("lawyer", "firm", "station", "issuer")
        .first()
        if plain
        else None
    )
    if notice is None or notice.issued_at is None:
        return None
    named = notice.kind == NoticeKind.COMMENDATION
    return Verified(
        state=NoticeState(notice.state),
        kind=NoticeKind(notice.kind),
        label=notice.label,
        title=notice.title,
        issuer=notice.content["organisation"],  # as printed, whatever its name is now
        issued_on=today_at(notice.issuer, notice.issued_at),
        digest=notice.content_sha256[:16],
        file_sha256=notice.file_sha256,
        about=_shown_by_name(notice) if named else "",
        withdrawn_on=today_at(notice.issuer, notice.withdrawn_at) if notice.withdrawn_at else None,
        replaced_by=replaced_by(notice),
    )


def replaced_by(notice: Notice) -> str:
    """The number of what stands in the place of a withdrawn notice, issued anew or about the same case; or empty."""
    if notice.state != NoticeState.WITHDRAWN:
        return ""
    same = Q(proposal=notice.proposal_id)
    if notice.case_id is not None:
        same |= Q(case=notice.case_id)
    later = Notice.objects.filter(same, kind=notice.kind, state=NoticeState.ISSUED, pk__gt=notice.pk)
    return later.order_by("-pk").values_list("label", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Displayed:
    """One commendation on public display (公示), as anybody may read it.

    `period`: over which a lawyer or a body is to be commended, in the reader's words; empty for a case. Of a body
    `lawyer` is empty and `firm` its name.
    """

    case_number: str
    case_class: str
    lawyer: str
    firm: str
    centre: str
    office_phone: str
    starts_on: date
    ends_on: date
    workdays: int
    period: str = ""


def displays_today(*, now: datetime) -> list[Displayed]:
    """What is on public display today, both days included, the display that ends first on top."""
    shown = on_the_day_there(now, "proposal__centre", lambda day: Q(starts_on__lte=day, ends_on__gte=day))
    rows = PublicDisplay.objects.filter(
        shown, proposal__state=ProposalState.ON_DISPLAY, stopped_at=None
    ).select_related("proposal__case", "proposal__lawyer", "proposal__firm", "proposal__station", "proposal__centre")
    found = list(rows.order_by("ends_on", "pk"))
    offices = CentreSettings.objects.in_bulk({row.proposal.centre_id for row in found}, field_name="centre_id")
    return [_displayed(row, offices.get(row.proposal.centre_id)) for row in found]


def _displayed(row: PublicDisplay, office: CentreSettings | None) -> Displayed:
    proposal = row.proposal
    return Displayed(
        case_number=proposal.case.number if proposal.case else "",
        case_class=proposal.case.get_case_type_display() if proposal.case else "",
        lawyer=proposal.lawyer.name if proposal.lawyer else "",
        firm=proposal.firm.name if proposal.firm else proposal.named,
        period=period_in_words(proposal.period) if proposal.period else "",
        centre=(office.issuer_name if office else "") or proposal.centre.name,
        office_phone=office.office_phone if office else "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        workdays=row.workdays,
    )


def _shown_by_name(notice: Notice) -> str:
    """A person masked; a body is public."""
    return masked(notice.lawyer.name) if notice.lawyer else notice.whose


def masked(name: str) -> str:
    """`李玥` → `李＊`: enough to compare with the paper in hand, too little to search for a person."""
    return f"{name[:1]}{'＊' * max(1, len(name) - 1)}"
