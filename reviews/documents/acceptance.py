"""案卷验收表: one file, one form (一卷一表). It is bound into the file, so the client's name does not stand on it."""

from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.documents.content import Align, Column, LabelledRows, Sheet, SheetBlock, Table
from reviews.documents.content import AcceptanceContent, PaperLine

NOTHING = "—"
# A file that was sent back once, checked and accepted, fits one sheet with its signatures.
_HEAD_ROW = 22.0
_SIGNED_ROW = 30.0
_AIR = 1.5
_CHINESE, _OTHER = 10.0, 9.0  # words take more room than characters


def sheet(content: AcceptanceContent) -> Sheet:
    return Sheet(
        title=_("Acceptance of the file"),
        subline=content.centre,
        blocks=(
            LabelledRows(_head(content), row_at_least=_HEAD_ROW, across=2, size=_size(content)),
            _catalogue(content),
            *_record(content),
            LabelledRows(_end(content), row_at_least=_SIGNED_ROW, across=2, size=_size(content)),
        ),
        language=content.language,
        foot=_("%(case)s · printed %(moment)s by %(who)s")
        % {
            "case": content.case_number,
            "moment": date_format(localtime(content.printed_at), "Y-m-d H:i"),
            "who": content.printed_by,
        },
    )


def _size(content: AcceptanceContent) -> float:
    return _CHINESE if content.language.startswith("zh") else _OTHER


def _head(content: AcceptanceContent) -> tuple[tuple[str, str], ...]:
    return (
        (_("Case number"), content.case_number),
        (_("Kind of case"), f"{content.case_class} · {content.cause}" if content.cause else content.case_class),
        (_("Dealt with by"), _("%(lawyer)s, %(firm)s") % {"lawyer": content.lawyer, "firm": content.firm}),
        (
            _("Closed · file due by"),
            _("%(closed)s · %(due)s") % {"closed": _day(content.closed_on), "due": _day(content.last_day)},
        ),
        (_("File handed in"), _day(content.handed_in_on)),
        (_("Lateness"), content.late or _("in time")),
    )


def _catalogue(content: AcceptanceContent) -> Table:
    columns = (
        Column(pgettext("form of a file", "No."), 1, Align.CENTRE),
        Column(_("Document"), 8),
        Column(_("In the file?"), 1),
        Column(pgettext("form of a file", "Pages"), 1, Align.CENTRE),
        Column(_("Date"), 1),
        Column(_("Signed"), 1, Align.CENTRE),
        Column(_("Not in order"), 5),
    )
    rows = tuple(
        (
            str(number),
            paper.title,
            paper.finding or NOTHING,
            paper.pages or NOTHING,
            _day(paper.dated),
            _signed(paper),
            paper.remark or NOTHING,
        )
        for number, paper in enumerate(content.papers, start=1)
    )
    return Table(columns, rows, size=_size(content), air=_AIR)


def _signed(paper: PaperLine) -> str:
    if paper.signed is None:
        return NOTHING
    return _("yes") if paper.signed else _("no")


def _record(content: AcceptanceContent) -> list[SheetBlock]:
    columns = (Column(_("Day"), 2), Column(_("Act"), 2), Column(_("What was found and said"), 6), Column(_("By"), 2))
    rows = tuple((_day(line.on), line.act, line.what or NOTHING, line.by) for line in content.record)
    return [Table(columns, rows, size=_size(content), air=_AIR)] if rows else []


def _end(content: AcceptanceContent) -> tuple[tuple[str, str], ...]:
    accepted = content.accepted_on is not None
    signed = _("%(day)s, %(who)s") % {"day": _day(content.accepted_on), "who": content.accepted_by}
    pages = _("%(pages)s pages") % {"pages": content.last_page} if content.last_page else NOTHING
    return (
        (_("Outcome of the acceptance"), _("%(state)s · %(pages)s") % {"state": content.state, "pages": pages}),
        (_("Accepted on, by"), signed if accepted else ""),
        (_("Signature of who accepts"), ""),
        (_("Signature of the lawyer"), ""),
    )


def _day(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else NOTHING
