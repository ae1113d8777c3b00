"""校准结果: what came of a closed calibration round, its record and the signatures of the panel. It counts nowhere."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qa_service.common.rounding import coefficient, half_up, signed
from qa_service.common.shares import Share
from qa_service.documents.content import Align, Column, Heading, LabelledRows, Paragraph, Sheet, SheetBlock, Table
from reviews.agreement.alignment import Alignment
from reviews.agreement.chance import Coefficient
from reviews.documents.content import CalibratedFile, CalibrationContent

NOTHING = "—"
_ROW, _SIGNED_ROW = 24.0, 32.0
_SMALL, _AIR = 10.0, 1.5


def sheet(content: CalibrationContent) -> Sheet:
    return Sheet(
        title=_("Result of a calibration round"),
        subline=content.centre,
        blocks=(
            LabelledRows(_head(content), row_at_least=_ROW, size=_SMALL),
            *_thin(content),
            Heading(_("Each reviewer beside the panel")),
            _readers(content),
            Paragraph(_read_so(content)),
            Heading(_("Item by item")),
            _items(content),
            Heading(_("Record of the discussion")),
            *(block for file in content.files for block in _file(file)),
            LabelledRows(_signed(content), row_at_least=_SIGNED_ROW, across=2, size=_SMALL),
        ),
        language=content.language,
        foot=_("%(round)s · printed %(moment)s by %(who)s")
        % {
            "round": content.name,
            "moment": date_format(localtime(content.printed_at), "Y-m-d H:i"),
            "who": content.printed_by,
        },
    )


def _head(content: CalibrationContent) -> tuple[tuple[str, str], ...]:
    ended = {"day": date_format(content.closed_on, "Y-m-d"), "who": content.closed_by}
    return (
        (_("Round"), content.name),
        (_("Checklist"), content.checklist),
        (_("Opened on"), date_format(content.opened_on, "Y-m-d")),
        (_("Closed on, by"), _("%(day)s, %(who)s") % ended),
        (_("Panel"), _(", ").join(content.panel)),
        (_("Files"), _(", ").join(file.case for file in content.files)),
    )


def _thin(content: CalibrationContent) -> list[SheetBlock]:
    if not content.aligned.thin:
        return []
    counts = {"files": content.aligned.files, "readers": len(content.aligned.readers)}
    sentence = _(
        "%(files)s files and %(readers)s reviewers: so few say little of how somebody marks. Talk over the items, and "
        "judge nobody by these figures."
    )
    return [Paragraph(sentence % counts)]


def _readers(content: CalibrationContent) -> Table:
    columns = (
        Column(_("Reviewer"), 3),
        Column(_("Files"), 1, Align.RIGHT),
        Column(_("Alignment"), 3, Align.RIGHT),
        Column(_("The panel's mark"), 3, Align.RIGHT),
        Column(_("Weighted kappa"), 3, Align.RIGHT),
        Column(_("Points a file above the panel"), 2, Align.RIGHT),
    )
    rows = tuple(
        (
            person,
            str(found.files),
            _alignment(found.alignment),
            _share(found.same),
            _coefficient(found.kappa),
            signed(float(found.leaning)),
        )
        for person, found in content.readers
    )
    return Table(columns, rows, size=_SMALL, air=_AIR)


def _read_so(content: CalibrationContent) -> str:
    among = content.aligned.among
    told = _(
        "Alignment is 100 where every mark is the panel's and 0 where each is as far from it as it can be, weighed by "
        "the points of the items; the interval in brackets holds 19 times of 20. Above nought is milder than the "
        "panel, below is harder."
    )
    if among is None or among.value is None:
        return told
    alpha = _("The reviewers among themselves, before anybody talked (Krippendorff's alpha):")
    return " ".join((told, alpha, _coefficient(among)))


def _items(content: CalibrationContent) -> Table:
    columns = (
        Column(_("Item"), 6),
        Column(_("The panel's mark"), 3, Align.RIGHT),
        Column(_("Points above the panel"), 2, Align.RIGHT),
    )
    rows = tuple(
        (f"{found.code} {title}", _share(found.same), signed(float(found.leaning))) for title, found in content.items
    )
    return Table(columns, rows, size=_SMALL, air=_AIR)


def _file(file: CalibratedFile) -> list[SheetBlock]:
    columns = (Column(_("Item"), 4), Column(_("Agreed"), 2), Column(_("Why"), 4), Column(_("What each marked"), 4))
    return [
        Heading(file.case, level=2),
        Paragraph(file.note),
        Table(columns, file.items, size=_SMALL, air=_AIR),
    ]


def _signed(content: CalibrationContent) -> tuple[tuple[str, str], ...]:
    return tuple((_("Signature of %(person)s") % {"person": person}, "") for person in content.panel)


def _alignment(found: Alignment) -> str:
    if found.score is None:
        return NOTHING
    near = str(half_up(found.score, places=1))
    return f"{near} ({found.interval.low:.1f} – {found.interval.high:.1f})" if found.interval else near


def _share(found: Share) -> str:
    return f"{found.part} / {found.whole} ({found.low_percent}–{found.high_percent} %)"


def _coefficient(found: Coefficient | None) -> str:
    if found is None or found.value is None or found.low is None or found.high is None:
        return NOTHING
    value, low, high = map(coefficient, (found.value, found.low, found.high))
    return f"{value} ({low} – {high})"
