"""What managers type about files that cannot be read, and of a draw over several centres."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from reviews.enums import NotReadable
from reviews.forms import DrawForm


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


class DrawTogetherForm(DrawForm):
    """The parameters of a draw over several centres, which is a city-wide review."""

    centre = None  # type: ignore[assignment]
    city_wide = None  # type: ignore[assignment]
    centres: "forms.ModelMultipleChoiceField[Organisation]" = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Centres"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    field_order = ("centres", "start", "until", "rate", "rules", "twice", "seed")
    places = "centres"

    def parameters(self) -> dict[str, Any]:
        return self.common() | {"centres": list(self.cleaned_data["centres"])}
