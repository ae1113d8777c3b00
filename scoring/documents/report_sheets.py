"""The workbook of the report: the figures of the page and the paper, sheet by sheet."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.common.rounding import half_up
from qa_service.documents.xlsx import Sheet
from scoring.documents.content import Assessment, ClientVoice, IssuedNotice, ReportContent, RuleCount, StandingRow


def sheets(content: ReportContent) -> list[Sheet]:
    found = [_overview(content)]
    if content.assessment:
        found.append(_grades(content.assessment))
    if content.voice:
        found.append(_follow_up(content.voice, content.not_followed_up))
    if content.standings is not None:
        found.append(_standings(_("Lawyers"), _("Lawyer"), content.standings))
        found.append(_standings(_("Firms"), _("Firm"), content.firms))
    found.append(_rules(content.rules))
    found.append(_notices(_("Commendation notices"), content.commendations))
    found.append(_notices(_("Rectification notices"), content.rectifications))
    return found


def _overview(content: ReportContent) -> Sheet:
    totals, appeals = content.totals, content.appeals
    rows: list[list[str | int | Decimal]] = [
        [_("Centre"), content.organisation],
        [_("Period (cases closed)"), content.period_label],
        [_("Cases closed"), totals.closed],
        [_("People helped"), totals.people_helped],
        [_("Recovered, yuan"), totals.recovered],
        *_sampling(content.assessment),
        [_("Cases failed by the centre"), len(content.centre_faults)],
        [_("Commendation notices"), len(content.commendations)],
        [_("Commendation notices withdrawn"), content.commendations_withdrawn],
        [_("Rectification notices"), len(content.rectifications)],
        [_("Rectification notices withdrawn"), content.rectifications_withdrawn],
        [_("Appeals received"), appeals.received],
        [_("Appeals upheld"), appeals.upheld],
        [_("Appeals dismissed"), appeals.dismissed],
        [_("Appeals settled by withdrawal"), appeals.settled],
        [_("Appeals waiting"), appeals.waiting],
    ]
    return Sheet(_("Overview"), (_("Figure"), _("Value")), rows, (28, 24))


def _sampling(assessment: Assessment | None) -> list[list[str | int | Decimal]]:
    """How many files were drawn and read, as far as the page and the paper say it to this reader."""
    if assessment is None:
        return []
    named = (
        (_("Files drawn for review"), assessment.sample),
        (_("Files given out"), assessment.given),
        (_("Files read"), assessment.read),
        (_("Readers of files"), assessment.reviewers),
        (_("Files read twice"), assessment.double_reviews),
        (_("Files read a third time"), assessment.third_reviews),
        (_("Cases graded"), assessment.graded),
    )
    return [[name, count] for name, count in named if count is not None]


def _grades(assessment: Assessment) -> Sheet:
    header = (_("Class"), _("Excellent"), _("Good"), _("Pass"), _("Fail"), _("Total"))
    rows = [(row.case_class, row.excellent, row.good, row.passed, row.failed, row.total) for row in assessment.grades]
    return Sheet(_("Grades"), header, rows, charted=4)


def _rules(counted: tuple[RuleCount, ...]) -> Sheet:
    counts = (
        pgettext("proposals", "Proposed"),
        pgettext("proposals", "Accepted"),
        pgettext("proposals", "Declined"),
        pgettext("proposals", "Waiting"),
        pgettext("proposals", "Overtaken"),
    )
    header = (_("Rule"), pgettext("proposals", "Name"), *counts)
    rows = [
        (row.code, row.name, row.proposed, row.accepted, row.declined, row.waiting, row.overtaken) for row in counted
    ]
    return Sheet(_("Rules"), header, rows)


def _follow_up(voice: ClientVoice, left: int | None) -> Sheet:
    rows: list[list[str | int | Decimal]] = [
        [_("Follow-ups due"), voice.eligible],
        [_("Clients asked"), voice.asked],
        [_("Answered"), voice.answered],
        [_("Ratings counted, in batches of five people"), voice.rated],
    ]
    if voice.low is not None and voice.high is not None:
        rows += [
            [_("Of these satisfied"), voice.satisfied],
            [_("Satisfied share, lower end (95 percent interval)"), half_up(voice.low * 100)],
            [_("Satisfied share, upper end (95 percent interval)"), half_up(voice.high * 100)],
        ]
    rows += _shares(voice)
    if left is not None:
        rows.append([_("Cases closed without a follow-up due"), left])
    return Sheet(_("Client follow-up"), (_("Figure"), _("Value")), rows, (48, 14))


def _shares(voice: ClientVoice) -> list[list[str | int | Decimal]]:
    """Reach and refusal, each with its interval, where there is anybody to be a share of."""
    named = (
        (_("Answered, per cent of the due"), voice.response),
        (_("Reached, per cent of the due"), voice.reached),
        (_("Declined or asked for no more contact, per cent of those reached"), voice.refusal),
    )
    rows: list[list[str | int | Decimal]] = []
    for name, share in named:
        if share.percent is not None and share.low_percent is not None and share.high_percent is not None:
            rows.append([name, share.percent])
            rows.append([_("%(figure)s, lower end (95 percent interval)") % {"figure": name}, share.low_percent])
            rows.append([_("%(figure)s, upper end (95 percent interval)") % {"figure": name}, share.high_percent])
    return rows


def _standings(name: str, unit: str, rows: tuple[StandingRow, ...]) -> Sheet:
    """`unit` heads the names; the column of their firms is left out where they have none."""
    firms = (pgettext("lawyer's", "Firm"),) if any(row.unit for row in rows) else ()
    header = (
        unit,
        *firms,
        _("Graded cases"),
        _("Answers counted"),
        _("Unadjusted mean"),
        _("Standing"),
        _("90 % interval from"),
        _("90 % interval to"),
        _("Place from"),
        _("Place to"),
    )
    cells = [
        (
            row.name,
            *((row.unit,) if firms else ()),
            row.count,
            row.answers,
            row.mean,
            row.shrunk,
            row.low,
            row.high,
            *(row.places or (None, None)),
        )
        for row in rows
    ]
    return Sheet(name, header, cells, (20, 28) if firms else (28,))


def _notices(name: str, rows: tuple[IssuedNotice, ...]) -> Sheet:
    header = (_("Number"), _("Case"), _("Class"), _("Lawyer"), _("Firm"), _("Issued on"), _("State"))
    cells = [
        (row.number, row.case_number, row.case_class, row.lawyer, row.firm, row.issued_on, row.state) for row in rows
    ]
    return Sheet(name, header, cells, (20, 28, 10, 14, 28, 14, 12))
