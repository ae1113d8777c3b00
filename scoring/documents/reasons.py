"""评定理由表: how one case came to its grade, line by line. Professional evidence alone; it names no client."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.documents.content import Align, Column, Heading, LabelledRows, Paragraph, Sheet, SheetBlock, Table
from scoring.documents.content import ReasonsContent

_ROW = 24.0
_SMALL = 10.5


def sheet(content: ReasonsContent) -> Sheet:
    return Sheet(
        title=_("Reasons of a case grade"),
        subline=content.centre,
        blocks=(LabelledRows(_head(content), row_at_least=_ROW), *_arithmetic(content), *_conditions(content)),
        language=content.language,
        foot=_("%(case)s · digest %(digest)s · printed %(moment)s")
        % {
            "case": content.case_number,
            "digest": content.sha256[:16],
            "moment": date_format(localtime(content.printed_at), "Y-m-d H:i"),
        },
    )


def _head(content: ReasonsContent) -> tuple[tuple[str, str], ...]:
    grade = content.grade if content.figure is None else f"{content.grade} · {content.figure}"
    standing = ((pgettext("grades", "In force"), _("No: other evidence or marks have replaced this grade since.")),)
    return (
        *(standing if content.superseded else ()),
        (_("Case"), f"{content.case_number} · {content.case_type}"),
        (_("Lawyer"), f"{content.lawyer} · {content.firm}"),
        (_("Closed on"), date_format(content.closed_on, "Y-m-d")),
        (_("Grade"), f"{grade} · {_('provisional')}" if content.provisional else grade),
        (_("Evidence available"), _("%(coverage)s %% of the applicable weight") % {"coverage": content.coverage}),
        (
            _("Scheme and time"),
            _("version %(number)s, calculated %(at)s")
            % {
                "number": content.scheme_version,
                "at": date_format(localtime(content.computed_at), "Y-m-d H:i"),
            },
        ),
    )


def _arithmetic(content: ReasonsContent) -> list[SheetBlock]:
    columns = (
        Column(_("Source"), 4),
        Column(_("Points of 100"), 2, Align.RIGHT),
        Column(_("Weight"), 1.6, Align.RIGHT),
        Column(_("Adds"), 1.8, Align.RIGHT),
        Column(_("How"), 6),
    )
    rows = (*content.lines, (_("Result"), "", "", "—" if content.figure is None else content.figure, ""))
    return [Heading(_("How the grade was reached")), Table(columns, rows, size=_SMALL)]


def _conditions(content: ReasonsContent) -> list[SheetBlock]:
    said: list[SheetBlock] = [Paragraph(reason) for reason in content.reasons]
    return [Heading(_("Why the grade is not what the points alone would give")), *said] if said else []
