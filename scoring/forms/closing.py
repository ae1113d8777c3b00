"""Which period is to be closed, and why a closed one is corrected."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.fields import DayField
from qa_service.common.period_names import PeriodUnknown, name_of, period_in_words, period_named
from qa_service.common.periods import Period, quarters_until
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.forms.decisions import AREA, Words
from scoring.queries.standings import centres_overseen

QUARTERS_BACK = 8
YEARS_BACK = 3
A_DAY = timedelta(days=1)


class PeriodChoice(forms.ChoiceField):
    """However its quarter is spelt."""

    def to_python(self, value: Any) -> str:
        try:
            return name_of(period_named(str(value or "")))
        except PeriodUnknown:
            return str(value or "")


class ClosingForm(forms.Form):
    """A quarter or year that is over, or any days from the first to the last."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Centre"), queryset=Organisation.objects.none(), to_field_name="code", empty_label=None
    )
    named = PeriodChoice(label=_("Cases closed in"), required=False)
    first = DayField(label=_("or from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = DayField(label=_("up to and including"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres = centres_overseen(user)
        cast("forms.ModelChoiceField[Organisation]", self.fields["centre"]).queryset = centres
        place = centres.first()
        offered = _over(today_at(place, now)) if place else []
        other = ("", _("other days, given beside"))
        cast("forms.ChoiceField", self.fields["named"]).choices = [
            *((name, period_in_words(period_named(name))) for name in offered),
            other,
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if given.get("named"):
            if first or last:
                self.add_error("named", _("Choose a period, or give the first and the last day: not both."))
        elif not (first and last):
            self.add_error("named", _("Choose a period, or give the first and the last day."))
        elif last < first:
            self.add_error("last", _("The last day lies before the first."))
        return given

    @property
    def place(self) -> Organisation:
        """Of a form found valid, as what follows."""
        return cast("Organisation", self.cleaned_data["centre"])

    @property
    def days(self) -> Period:
        named = self.cleaned_data["named"]
        if named:
            return period_named(named)
        return Period(self.cleaned_data["first"], self.cleaned_data["last"] + A_DAY)


class CorrectionForm(forms.Form):
    reason = Words(label=_("What was wrong, and how it was put right"), widget=AREA, max_length=500)


def _over(today: date) -> list[str]:
    """Quarters and years that have ended, the last first."""
    quarters = quarters_until(today, QUARTERS_BACK + 1)[1:]
    return [*map(name_of, quarters), *(str(today.year - back) for back in range(1, YEARS_BACK + 1))]
