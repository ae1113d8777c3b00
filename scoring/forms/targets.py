"""Of which centre and year, and what is set for it."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, ClientGroup
from qa_service.organisations.models import Organisation
from scoring.enums import TargetMeasure
from scoring.queries.standings import centres_overseen
from scoring.services.targets import Wanted

YEARS_SHOWN = 4
LEAST, MOST = Decimal(-90), Decimal(900)
TYPE, GROUP = "type:", "group:"


class YearForm(forms.Form):
    """One centre and one year, both in the address; where it names none, the first and the present one."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Centre"), queryset=Organisation.objects.none(), to_field_name="code", empty_label=None
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, data: Any, *, user: User, today: date) -> None:
        given = {"centre": data.get("centre", ""), "year": data.get("year") or str(today.year)}
        centres = centres_overseen(user)
        first = None if given["centre"] else centres.first()
        if first is not None:
            given["centre"] = first.code
        super().__init__(given)
        cast("forms.ModelChoiceField[Organisation]", self.fields["centre"]).queryset = centres
        years = range(today.year + 1, today.year + 1 - YEARS_SHOWN, -1)
        cast("forms.ChoiceField", self.fields["year"]).choices = [(str(year), str(year)) for year in years]


class TargetForm(forms.Form):
    """A growth of a tenth is what is set most often."""

    measure = forms.ChoiceField(label=_("Measure of the target"), choices=TargetMeasure.choices)
    part = forms.ChoiceField(
        label=pgettext_lazy("of what a target is", "Of"),
        required=False,
        choices=[
            ("", _("all cases")),
            (_("Type of case"), [(f"{TYPE}{value}", label) for value, label in CaseType.choices]),
            (_("Group of clients"), [(f"{GROUP}{value}", label) for value, label in ClientGroup.choices]),
        ],
    )
    growth = forms.DecimalField(
        label=_("Growth over the year before (%)"), required=False, min_value=LEAST, max_value=MOST, decimal_places=1,
        initial=10,
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("or the figure itself"), required=False, max_digits=14, decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip

    @property
    def wanted(self) -> Wanted:
        """Of a form found valid."""
        given, part = self.cleaned_data, self.cleaned_data["part"]
        return Wanted(
            TargetMeasure(given["measure"]),
            growth=given["growth"],
            amount=given["amount"],
            case_type=part.removeprefix(TYPE) if part.startswith(TYPE) else "",
            group=part.removeprefix(GROUP) if part.startswith(GROUP) else "",
        )
