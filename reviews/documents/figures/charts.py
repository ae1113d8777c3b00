"""Charts of reviewing, as content: what is drawn says the numbers of the table beside it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.common.shares import percent
from qa_service.documents.content import Bar, BarChart


def progress_chart(*, drawn: int, given: int, read: int, released: int) -> BarChart:
    """From drawn to released, each with its share of the first."""
    steps = (
        (pgettext("files", "Drawn"), drawn),
        (pgettext("files", "Given out"), given),
        (pgettext("files", "Read"), read),
        (pgettext("files", "Released"), released),
    )
    bars = tuple(Bar(label, count, f" ({percent(count, drawn)} %)" if drawn else "") for label, count in steps)
    return BarChart(title=_("From drawn to released"), bars=bars)
