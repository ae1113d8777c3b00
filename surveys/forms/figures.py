"""Of whom the figures speak: filters that live in the address, the same for pages, files and endpoints."""

import re
from dataclasses import replace
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.enums import CaseType
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys.enums import Occasion
from surveys.models.conversations import CLOSING_WAVE, STAFF_ROLES
from surveys.queries.figures.scope import Choice

QUARTERS_SHOWN = 8
YEARS_SHOWN = 3
PERIOD = re.compile(r"(?P<year>20\d\d)(?:-Q(?P<quarter>[1-4]))?")


class FiguresForm(forms.Form):
    """One centre or all within reach; one quarter or year of closing or all; one type of case or all."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=gettext_lazy("Centre"), queryset=Organisation.objects.none(), required=False, to_field_name="code",
        empty_label=gettext_lazy("All centres"),
    )  # fmt: skip
    period = forms.CharField(label=gettext_lazy("Closed in"), required=False, widget=forms.Select)
    case_type = forms.ChoiceField(
        label=gettext_lazy("Type of case"), required=False, choices=[("", gettext_lazy("All types")), *CaseType.choices]
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centre = cast("forms.ModelChoiceField[Organisation]", self.fields["centre"])
        centre.queryset = organisations_reached(user, *STAFF_ROLES).filter(kind=OrganisationKind.CENTRE)
        named = self.data.get("period", "")
        offered = _offered(today)
        if named and named not in offered and PERIOD.fullmatch(named):
            offered = [named, *offered]
        self.fields["period"].widget.choices = [
            ("", _("At any time")),
            *((name, period_words(name)) for name in offered),
        ]

    def clean_period(self) -> str:
        named = str(self.cleaned_data["period"])
        if named and not PERIOD.fullmatch(named):
            raise ValidationError(_("Give a year like 2026 or a quarter like 2026-Q4."))
        return named

    @property
    def choice(self) -> Choice:
        """Of a form found valid."""
        centre, named = self.cleaned_data["centre"], self.cleaned_data["period"]
        return Choice(
            centre_id=centre.pk if centre else None,
            period=period_of(named) if named else None,
            case_type=self.cleaned_data["case_type"],
        )


class FunnelForm(FiguresForm):
    """Also: which follow-up. Empty: that after closing."""

    wave = forms.ChoiceField(
        label=gettext_lazy("Follow-up"),
        required=False,
        choices=[("", pgettext_lazy("wave", "After the case closed")), *Occasion.choices],
    )

    @property
    def choice(self) -> Choice:
        return replace(super().choice, wave=self.cleaned_data["wave"] or CLOSING_WAVE)


class AnswersForm(FiguresForm):
    """Also: which questionnaire. Empty: the one that was answered most."""

    questionnaire = forms.SlugField(label=gettext_lazy("Questionnaire"), required=False, widget=forms.Select)

    def offer(self, chosen: tuple[str, str], others: tuple[tuple[str, str], ...]) -> None:
        """The questionnaires that were answered in this choice, as (short name, title)."""
        self.fields["questionnaire"].widget.choices = [each for each in (chosen, *others) if each[0]]


def period_of(named: str) -> Period:
    """Of a name that `PERIOD` matches."""
    year, quarter = cast("re.Match[str]", PERIOD.fullmatch(named)).group("year", "quarter")
    return Period.quarter(int(year), int(quarter)) if quarter else Period.year(int(year))


def period_words(named: str) -> str:
    year, quarter = cast("re.Match[str]", PERIOD.fullmatch(named)).group("year", "quarter")
    if quarter:
        return _("%(year)s, quarter %(quarter)s") % {"year": year, "quarter": quarter}
    return _("Year %(year)s") % {"year": year}


def _offered(today: date) -> list[str]:
    count = today.year * 4 + (today.month - 1) // 3
    quarters = [f"{(count - back) // 4}-Q{(count - back) % 4 + 1}" for back in range(QUARTERS_SHOWN)]
    return [*quarters, *(str(today.year - back) for back in range(YEARS_SHOWN))]
