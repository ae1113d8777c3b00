"""Of whom the figures of reviewing speak."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.cases.forms.closed_cases import ClosedCasesForm
from reviews.enums import MANAGING


class OverviewForm(ClosedCasesForm):
    """Where the address says nothing of a period, this year's: of all years there are more marks than one reads."""

    readers: ClassVar[tuple[Role, ...]] = MANAGING

    # Empty: the list by which most were marked.
    checklist = forms.UUIDField(label=_("Checklist"), required=False, widget=forms.Select)

    def __init__(self, data: Any, *, today: date, **kwargs: Any) -> None:
        self._given = data.copy()
        self._given.setdefault("period", str(today.year))
        super().__init__(self._given, today=today, **kwargs)

    def offer(self, chosen: str, lists: list[tuple[str, str]]) -> None:
        """The lists by which files of this selection were marked, as (public id, name); of none, none is asked for."""
        if not lists:
            del self.fields["checklist"]
            return
        self.fields["checklist"].widget.choices = lists
        self._given["checklist"] = chosen


class FilesBehindForm(OverviewForm):
    """Of which cell of the map of losses: of all items, or of all lawyers, where none is named."""

    item = forms.CharField(required=False, max_length=20)
    lawyer = forms.UUIDField(required=False)


class OwnAgreementForm(OverviewForm):
    readers = (Role.REVIEWER,)
