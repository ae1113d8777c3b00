"""What managers type when they plan which hearings are observed."""

from datetime import date, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.common.fields import DayField
from qa_service.organisations.models import Organisation
from reviews.forms import PERCENT, DayInput
from reviews.hearings import LEAST_RATE

A_MONTH = timedelta(days=30)
LEAST_PERCENT = int(LEAST_RATE * PERCENT)


class PlanForm(forms.Form):
    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Centre"), empty_label=None
    )
    until = DayField(label=_("Hearings until"), widget=DayInput)
    rate = forms.DecimalField(
        label=_("Random share (%)"), min_value=LEAST_PERCENT, max_value=100, max_digits=4, decimal_places=1
    )
    seed = forms.CharField(
        label=_("Seed"), max_length=64, help_text=_("The same seed with the same hearings plans the same ones.")
    )

    def __init__(self, *args: Any, centres: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what is declared above
        field.queryset = centres

    def parameters(self) -> dict[str, Any]:
        """What the services take."""
        values = self.cleaned_data
        rate: Decimal = values["rate"] / PERCENT
        return {"centre": values["centre"], "until": values["until"], "seed": values["seed"], "rate": rate}


class MoveForm(forms.Form):
    """Whether the day fits, the service knows."""

    held_on = DayField(label=_("Day of the hearing"), widget=DayInput)
    place = forms.CharField(
        label=_("Place of the hearing"),
        max_length=100,
        required=False,
        help_text=_("Court room or address, where it is known."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    # Beside another form of the page that has a reason.
    prefix = "move"


def usual_plan(centre: Organisation | None, today: date) -> dict[str, Any]:
    """The least share of the next month's hearings, and a fresh seed."""
    return {
        "centre": centre.pk if centre else None,
        "until": (today + A_MONTH).isoformat(),
        "rate": str(LEAST_PERCENT),
        "seed": token_hex(4),
    }
