"""期间报告: what a period's work came to, for those who run a centre or oversee several; and the year's report.

Each is put together table by table, so that whoever waits can be told how far it is.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.utils import translation
from django.utils.translation import gettext as _

from qa_service.organisations.queries import issuer_name
from scoring.documents.tabular import Figures, TabularReport
from scoring.queries.closing import closed_period
from scoring.queries.report_tables import decided, looked_at, people, work
from scoring.queries.report_tables.scope import Scope
from scoring.queries.reports import closing_note

Part = Callable[[], Figures | Iterable[Figures]]
# Told after each part how many of how many are done.
Noting = Callable[[int, int], None]


def unnoted(_done: int, _all: int) -> None:
    """For whoever does not wait."""


def period_report(scope: Scope, *, label: str, language: str = "zh-hans", noting: Noting = unnoted) -> TabularReport:
    """Of the cases that the reader did not handle themselves, where a figure could tell what a client said.

    A note says so. `language` is that of its words.
    """
    place = (people.lawyers, people.firms) if scope.is_centre else (people.centres,)
    parts: list[Part] = [
        *_of(scope, work.cases_closed, work.work_done, work.grades, work.scores_spread, *place, people.items_lost),
        *_of(scope, decided.proposed, decided.decided),
        *_of(scope, looked_at.follow_up, looked_at.coverage, looked_at.honest, looked_at.methods),
    ]
    with translation.override(language):
        return _report(_("Period report"), scope, label, _gathered(parts, noting), _notes(scope))


def annual_report(scope: Scope, *, label: str, language: str = "zh-hans", noting: Noting = unnoted) -> TabularReport:
    """年度质量报告 of a year, the same whoever asks: no client, no lawyer, nothing one reader could subtract from."""
    open_to_all = Scope(scope.place, scope.period, scope.now)
    place = people.firms_with_enough if scope.is_centre else people.centres
    parts = _of(
        open_to_all,
        work.cases_grown,
        work.files_read,
        work.grades,
        work.quarters,
        work.scores_spread,
        place,
        people.items_lost,
        looked_at.follow_up,
        decided.proposed,
        decided.decided,
        looked_at.methods,
    )
    with translation.override(language):
        tables = _gathered(parts, noting)
        return _report(_("Annual quality report"), open_to_all, label, tables, _notes(open_to_all))


def _of(scope: Scope, *tables: Callable[[Scope], Figures | Iterable[Figures]]) -> list[Part]:
    return [partial(table, scope) for table in tables]


def _gathered(parts: Sequence[Part], noting: Noting) -> tuple[Figures, ...]:
    found: list[Figures] = []
    for done, part in enumerate(parts):
        noting(done, len(parts))
        made = part()
        found += [made] if isinstance(made, Figures) else made
    noting(len(parts), len(parts))
    return tuple(found)


def _report(name: str, scope: Scope, label: str, tables: tuple[Figures, ...], notes: tuple[str, ...]) -> TabularReport:
    return TabularReport(
        name=name,
        organisation=issuer_name(scope.place.pk),
        period_label=label,
        first_day=scope.first_day,
        last_day=scope.last_day,
        as_of=scope.as_of,
        tables=tables,
        notes=notes,
    )


def _notes(scope: Scope) -> tuple[str, ...]:
    notes = [
        _(
            "With fewer than five graded cases there is no place. A few cases prove little: each mean is drawn towards "
            "that of the same case types."
        )
    ]
    if scope.is_centre:
        notes += closing_note(scope.place, scope.period)
        if closed_period(scope.place, scope.period):
            notes.append(_("How scores are distributed, what was decided and by which methods is told as of today."))
    if scope.reader_handled_some():
        notes.append(
            _(
                "Printed for a reader who, or whose firm, handled cases of this period. How many files were drawn and "
                "read is not said, and those cases are not among what was proposed, corrected and looked at."
            )
        )
    notes.append(_("No client stands in it, nor what one of them said."))
    return tuple(notes)
