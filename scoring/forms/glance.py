"""Of which cases the overview of quality speaks."""

from datetime import date
from typing import Any, ClassVar

from qa_service.accounts.enums import Role
from qa_service.cases.forms.closed_cases import ClosedCasesForm
from scoring.models.scores import STAFF_READERS


class GlanceForm(ClosedCasesForm):
    """Where the address says nothing of a period, this year's."""

    readers: ClassVar[tuple[Role, ...]] = STAFF_READERS

    def __init__(self, data: Any, *, today: date, **kwargs: Any) -> None:
        given = data.copy()
        given.setdefault("period", str(today.year))
        super().__init__(given, today=today, **kwargs)
