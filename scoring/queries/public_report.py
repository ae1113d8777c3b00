"""What a centre publishes of a period (法律援助法 art. 58): cases, appraisal, follow-up and decisions, in counts.

Nobody is named, and no count is published from which fewer than five people could be made out. It reads the same
whoever asks for it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.common.shares import Share, percent, share_of
from qa_service.organisations.models import Organisation
from scoring.documents.content import ClientVoice, ReportContent
from scoring.documents.tabular import Cell, Figures, TabularReport
from scoring.queries.reports import rewards_and_sanctions
from scoring.suppression import LEAST, published

Line = tuple[Cell, ...]


def public_report(
    *, centre: Organisation, period: Period, label: str, language: str = "zh-hans", now: datetime
) -> TabularReport:
    """Of the cases closed in the half-open period, as of now; `language` is that of its words."""
    content = rewards_and_sanctions(centre=centre, period=period, label=label, language=language, now=now)
    with translation.override(language):
        return TabularReport(
            name=_("Public report on the quality of legal aid"),
            organisation=content.organisation,
            period_label=content.period_label,
            first_day=content.first_day,
            last_day=content.last_day,
            as_of=content.as_of,
            tables=tuple(_tables(content)),
            notes=(
                _(
                    "A count below five, and any from which one could be worked out, is not published. No client, "
                    "lawyer or firm is named."
                ),
                _("Published under article 58 of the Legal Aid Law."),
            ),
        )


def _tables(content: ReportContent) -> Iterable[Figures]:
    yield _cases(content)
    yield _work(content)
    yield _grades(content)
    yield _follow_up(content.voice)
    yield _decided(content)


def _cases(content: ReportContent) -> Figures:
    classes = content.totals.by_class
    counts = published([[count] for _name, count in classes])
    rows: list[Line] = [(name, _count(row[0])) for (name, _of), row in zip(classes, counts, strict=False)]
    rows.append((_("Total"), _count(counts[-1][0] if counts else 0)))
    return Figures(_("Cases closed"), (_("Class"), pgettext("figures", "Cases")), tuple(rows))


def _work(content: ReportContent) -> Figures:
    """Sums over few cases could tell what one client got."""
    totals, assessment = content.totals, content.assessment
    few = 0 < totals.closed < LEAST
    rows: list[Line] = [
        (_("People helped"), _withheld() if few else _rough(totals.people_helped)),
        (_("Recovered, yuan"), _withheld() if few else half_up(totals.recovered)),
    ]
    if assessment is not None:
        counted = (
            (_("Files drawn for review"), assessment.sample),
            (_("Files read"), assessment.read),
            (_("Files read twice"), assessment.double_reviews),
            (_("Files read a third time"), assessment.third_reviews),
        )
        rows += [(name, _rough(count)) for name, count in counted if count is not None]
    return Figures(_("Work done"), (_("Figure"), _("Value")), tuple(rows))


def _grades(content: ReportContent) -> Figures:
    header = (_("Class"), _("Excellent"), _("Good"), _("Pass"), _("Fail"), _("Total"))
    given = content.assessment.grades if content.assessment else ()
    counts = published([(row.excellent, row.good, row.passed, row.failed) for row in given])
    names = [*(row.case_class for row in given), _("Total")]
    rows = tuple((name, *map(_count, row)) for name, row in zip(names, counts, strict=False))
    note = "" if rows else _("No case of this period has a grade yet.")
    excellent, good, graded = (counts[-1][at] if counts else None for at in (0, 1, -1))
    finding = ""
    if excellent is not None and good is not None and graded:
        finding = _("Of %(graded)s cases appraised %(share)s %% are excellent or good.") % {
            "graded": graded,
            "share": percent(excellent + good, graded),
        }
    title = _("Grades of the cases appraised")
    return Figures(title, header, rows, note=note, charted=4 if rows else 0, finding=finding)


def _follow_up(voice: ClientVoice | None) -> Figures:
    header = (_("Figure"), pgettext("figures", "People"), _("Per cent"), _("95 % interval from"), _("95 % interval to"))
    title = _("Follow-up with clients")
    if voice is None or voice.eligible < LEAST:
        return Figures(title, header, (), note=_("Fewer than five follow-ups were due: nothing is published."))
    rows = [
        (pgettext("figures", "Due"), voice.eligible, None, None, None),
        _share(_("Answered"), voice.response),
        _share(pgettext("figures", "Reached"), voice.reached),
        _share(_("Satisfied, of the ratings counted"), share_of(voice.satisfied, voice.rated)),
    ]
    return Figures(title, header, tuple(rows), note=_("No answer counts as no answer; it is never taken for content."))


def _share(name: str, share: Share) -> Line:
    """The part, unless it or the rest of its whole is few."""
    if share.small or 0 < share.part < LEAST or 0 < share.whole - share.part < LEAST:
        return (name, _withheld(), None, None, None)
    return (name, share.part, share.percent, share.low_percent, share.high_percent)


def _decided(content: ReportContent) -> Figures:
    appeals = content.appeals
    in_force = (
        (_("Commendation notices in force"), len(content.commendations) - content.commendations_withdrawn),
        (_("Rectification notices in force"), len(content.rectifications) - content.rectifications_withdrawn),
        (_("Appeals received"), appeals.received),
        (_("Appeals upheld"), appeals.upheld),
    )
    return Figures(
        _("What was decided"), (_("Figure"), _("Value")), tuple((name, _rough(count)) for name, count in in_force)
    )


def _count(value: int | None) -> Cell:
    return _withheld() if value is None else value


def _rough(count: int) -> Cell:
    return _withheld() if 0 < count < LEAST else count


def _withheld() -> str:
    return pgettext("figures", "not published")
