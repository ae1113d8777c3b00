"""Of whom the figures of reviewing speak."""

from datetime import date
from typing import Any

from qa_service.cases.forms.closed_cases import ClosedCasesForm
from reviews.enums import MANAGING


class OverviewForm(ClosedCasesForm):
    """Where the address says nothing of a period, this year's: of all years there are more marks than one reads."""

    readers = MANAGING

    def __init__(self, data: Any, *, today: date, **kwargs: Any) -> None:
        given = data.copy()
        given.setdefault("period", str(today.year))
        super().__init__(given, today=today, **kwargs)
