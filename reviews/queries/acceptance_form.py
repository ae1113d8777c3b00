"""What the form of one file says, read from its record."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.documents.quotable import without_clients
from qa_service.organisations.queries import issuer_name
from reviews.documents.content import AcceptanceContent, PaperLine, RecordLine
from reviews.enums import FileState, Finding
from reviews.queries.acceptance import DefectShown, EventShown, FileShown, PaperShown, file_shown


def acceptance_content(case: Case, *, language: str, printed_by: User, now: datetime) -> AcceptanceContent:
    """In the language given. Words that would name a client are made neutral."""
    with override(language):
        shown = file_shown(case, now=now)
        names = client_names(case)
        accepted = shown.line.row.accepted_by if shown.line.row else None
        return AcceptanceContent(
            language=language,
            centre=issuer_name(case.centre_id),
            case_number=case.number,
            case_class=case.type_and_stage,
            cause=case.cause,
            lawyer=case.lawyer.name,
            firm=case.firm.name,
            closed_on=case.day_closed,
            last_day=shown.last_day,
            handed_in_on=shown.line.handed_in_on,
            late=_late(shown),
            state=str(FileState(shown.line.state).label),
            last_page=shown.last_page,
            papers=tuple(map(_paper, shown.papers)),
            record=tuple(_line(event, names) for event in shown.events),
            accepted_on=shown.line.row.accepted_on if shown.line.row else None,
            accepted_by=accepted.display_name if accepted else "",
            printed_at=now,
            printed_by=printed_by.display_name,
        )


def _late(shown: FileShown) -> str:
    if not shown.days_late:
        return ""
    late = _("%(days)s days late") % {"days": shown.days_late}
    if shown.excused is None:
        return late
    return _("%(late)s, for a reason that was accepted: in time") % {"late": late}


def _paper(paper: PaperShown) -> PaperLine:
    finding = str(Finding(paper.finding).label) if paper.finding else ""
    remark = _(", ").join(str(kind.label) for kind in paper.defects)
    return PaperLine(paper.title, finding, paper.pages, paper.dated, paper.signed, remark)


def _line(event: EventShown, names: frozenset[str]) -> RecordLine:
    said = [_defect(defect) for defect in event.defects]
    if event.due_on:
        said.append(_("due back by %(day)s") % {"day": event.due_on.isoformat()})
    if event.days_late:
        said.append(_("%(days)s days late") % {"days": event.days_late})
    said += [event.words] if event.words else []
    if event.told_how:
        said.append(_("lawyer told: %(how)s") % {"how": event.told_how})
    what = without_clients(_("; ").join(said), clients=names)
    return RecordLine(event.on, str(event.act.label), what, event.by)


def _defect(defect: DefectShown) -> str:
    """Such as “Meeting notes: signature missing (page 3)”."""
    kind = str(defect.kind.label)
    led = _("%(paper)s: %(kind)s") % {"paper": defect.title, "kind": kind} if defect.title else kind
    return _("%(what)s (%(note)s)") % {"what": led, "note": defect.note} if defect.note else led
