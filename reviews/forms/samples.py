"""What managers type about files that cannot be read."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.cases.models import Case
from reviews.enums import NotReadable


class ReplaceForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Why the file cannot be read"), choices=NotReadable.choices, help_text=_("This is published.")
    )
    reason = forms.CharField(
        label=_("In words"), max_length=200, help_text=_("For those who manage the centre; it is not published.")
    )


class LeaveOutForm(ReplaceForm):
    case = forms.CharField(label=_("Case number"), max_length=64)
    field_order = ("case", "kind", "reason")

    def __init__(self, *args: Any, cases: QuerySet[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases

    def clean_case(self) -> Case:
        """A number may be known at several centres: it is then not plain which case is meant."""
        found = list(self.cases.filter(number=self.cleaned_data["case"].strip())[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("No closed case of this number is known here, or more than one."))
        return found[0]
