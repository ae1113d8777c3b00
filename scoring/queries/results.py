"""What the circular of a closed period says: from the frozen figures alone."""

from datetime import timedelta
from itertools import compress

from django.utils import translation

from qa_service.cases.enums import CaseType
from qa_service.organisations.queries import issuer_name, today_at
from scoring.documents.results import Band, ResultsContent
from scoring.enums import UnitKind
from scoring.models import ClosedPeriod
from scoring.queries.closing import standings_closed
from scoring.queries.reports import grade_counts, standing_rows


def results_of(closed: ClosedPeriod) -> ResultsContent:
    """In Chinese, whoever asks: it is a paper of the centre. The database keeps a band whole or not at all."""
    found = standings_closed(closed, UnitKind.FIRM)
    large = [not row.small for row in found.table.rows]
    named = tuple(compress(standing_rows(found, {}), large))
    band = None
    if closed.band_low is not None and closed.band_high is not None:
        band = Band(closed.band_low, closed.band_high, closed.band_lawyers)
    with translation.override("zh-hans"):
        counts = closed.data["cases"]
        return ResultsContent(
            organisation=issuer_name(closed.centre_id),
            first_day=closed.start,
            last_day=closed.end - timedelta(days=1),
            closed_on=today_at(closed.centre, closed.closed_at),
            cases=tuple((str(kind.label), counts[kind]) for kind in CaseType if counts.get(kind)),
            grades=grade_counts(closed.data["grades"]),
            firms=named,
            small=len(large) - len(named),
            band=band,
        )
