"""Who was looked at and by which means, what follow-up reached, and whether the figures hold."""

from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.accounts.enums import Role
from qa_service.common.shares import Share, share_of
from qa_service.organisations.queries import today_at
from reviews.queries import ListUsed, lists_of_reports
from scoring.documents.content import ClientVoice
from scoring.documents.tabular import Cell, Figures
from scoring.figures.coverage import CoverageLine
from scoring.models import CaseScore, Scheme
from scoring.queries.coverage import BY_CENTRE, BY_LAWYER, BY_TYPE, coverages_of
from scoring.queries.honesty import honesty, just_before, titles, told
from scoring.queries.report_tables.scope import Scope
from scoring.queries.reports import voice_heard
from surveys.queries import follow_up_of_period

Line = tuple[Cell, ...]


def coverage(scope: Scope) -> tuple[Figures, ...]:
    """By type and by lawyer; above a centre, by type and by centre. Of cases that the reader did not handle."""
    if scope.reader is None:
        return ()
    second, unit = (BY_LAWYER, _("Lawyer")) if scope.is_centre else (BY_CENTRE, _("Centre"))
    by_type, by_unit = coverages_of(scope.reader, scope.cases, by=(BY_TYPE, second))
    title = _("Which of the four legal means each received (art. 59)")
    named = _("The same by lawyer") if scope.is_centre else _("The same by centre")
    return (_covered(title, _("Class"), by_type), _covered(named, unit, by_unit))


def _covered(title: str, unit: str, lines: list[CoverageLine]) -> Figures:
    header = (
        unit,
        pgettext("figures", "Cases"),
        _("Followed up"),
        _("File read"),
        _("Organ heard"),
        _("Hearing observed"),
        _("Any of these"),
    )
    rows = tuple(
        (line.unit, line.cases, line.followed_up, line.inspected, line.organ_heard, line.observed, line.any_means)
        for line in lines
    )
    never = sum(line.never for line in lines)
    note = _("Never looked at: %(count)s of %(all)s.") % {"count": never, "all": len(lines)}
    return Figures(title, header, rows, note=note if rows else _("No case closed in this period."))


def follow_up(scope: Scope) -> Figures:
    """Above a centre without a share of the satisfied: sums of centres would tell what one of them holds back."""
    header = (_("Figure"), pgettext("figures", "People"), _("Per cent"), _("95 % interval from"), _("95 % interval to"))
    title, note = _("Follow-up with clients"), _("No answer counts as no answer; it is never taken for content.")
    if scope.is_centre:
        voice = voice_heard(scope.place, scope.period)
        return Figures(title, header, (*_reached(voice), _satisfied(voice)), note=note)
    found = follow_up_of_period(centre_path=scope.place.path, period=scope.period)
    reached = ClientVoice(
        eligible=found.eligible,
        asked=found.asked,
        answered=found.answered,
        rated=0,
        satisfied=0,
        reached=found.reached,
        response=found.response,
        refusal=found.refusal,
    )
    return Figures(title, header, _reached(reached), note=note)


def _reached(voice: ClientVoice) -> tuple[Line, ...]:
    return (
        (pgettext("figures", "Due"), voice.eligible, None, None, None),
        (_("Clients asked"), voice.asked, None, None, None),
        _share(_("Answered"), voice.response),
        _share(pgettext("figures", "Reached"), voice.reached),
        _share(_("Declined or asked for no more contact"), voice.refusal),
    )


def _satisfied(voice: ClientVoice) -> Line:
    name = _("Satisfied, of the ratings counted in batches of five people")
    if voice.low is None:
        return (name, None, None, None, None)
    return _share(name, share_of(voice.satisfied, voice.rated))


def _share(name: str, share: Share) -> Line:
    return (name, share.part, share.percent, share.low_percent, share.high_percent)


def honest(scope: Scope) -> tuple[Figures, ...]:
    """For whoever supervises; nothing for the others, whose own figures are looked at."""
    if scope.reader is None or not scope.reader.has_role(Role.SUPERVISOR):
        return ()
    found = honesty(user=scope.reader, period=scope.period, before=just_before(scope.period), below=scope.place.path)
    named = titles()
    rows = tuple((named[each.monitor], told(each)) for each in found.findings)
    note = "" if rows else _("Nothing stands out that chance alone would not explain.")
    if found.too_many:
        note = f"{note} " + _("Answers and self-assessments were not looked at: there are too many. Ask by centre.")
    header = (pgettext("honesty", "Sign"), pgettext("honesty", "What was found"))
    return (Figures(_("Do the figures hold?"), header, rows, note=note.strip()),)


def methods(scope: Scope) -> Figures:
    """By which schemes and lists the period's cases were weighed and marked, and when another scheme began."""
    period = scope.period
    scores = CaseScore.objects.current().graded().filter(scope.cases.of("case__"))
    weighed = scores.order_by().values_list("scheme__version", "scheme__effective_from").annotate(n=Count("pk"))
    rows: list[Line] = [
        (_("Scoring scheme, version %(version)s") % {"version": version}, begins, n)
        for version, begins, n in weighed.order_by("scheme__version")
    ]
    known = {row[0] for row in rows}
    begun = Scheme.objects.published().filter(effective_from__gte=period.start, effective_from__lt=period.end)
    for version, begins in begun.order_by("version").values_list("version", "effective_from"):
        name = _("Scoring scheme, version %(version)s") % {"version": version}
        if name not in known:
            rows.append((name, begins, 0))
    rows += [(used.name, _in_use_from(scope, used), used.files) for used in lists_of_reports(scope.cases)]
    note = _("A step in figures that another method makes is no change of the work: compare within one method.")
    header = (pgettext("methods", "Method"), pgettext("methods", "In force from"), pgettext("figures", "Cases"))
    return Figures(_("Methods used, and when they changed"), header, tuple(rows), note=note)


def _in_use_from(scope: Scope, used: ListUsed) -> date | None:
    """Lists of the first releases say no day: theirs is that of publishing."""
    published = used.checklist.published_at
    return used.checklist.effective_from or (today_at(scope.place, published) if published else None)
