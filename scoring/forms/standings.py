"""Whose standings, of which cases: filters that live in the address."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.cases.enums import CaseType
from qa_service.common.fields import DayField
from qa_service.common.period_names import name_of, period_in_words, period_named
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from scoring.enums import UnitKind

YEARS_OFFERED = 3
A_DAY = timedelta(days=1)
DAY = forms.DateInput(attrs={"type": "date"})


class StandingsForm(forms.Form):
    """A year, a quarter, or any days: those stand before a period named beside them."""

    kind = forms.ChoiceField(label=_("Whose"), choices=UnitKind.choices, required=False)
    period = forms.ChoiceField(label=_("Cases closed in"), required=False)
    since = DayField(label=_("or from"), required=False, widget=DAY)
    until = DayField(label=_("up to and including"), required=False, widget=DAY)
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    case_type = forms.ChoiceField(
        label=_("Type of case"), required=False, choices=[("", _("All types")), *CaseType.choices]
    )

    def __init__(self, data: Any, *, centres: list[Organisation], today: date, **kwargs: Any) -> None:
        given = data.copy()
        given["kind"] = given.get("kind") or UnitKind.LAWYER.value
        given["period"] = given.get("period") or str(today.year)
        super().__init__(given, **kwargs)
        self.centres = centres
        named = name_of(period_named(given["period"]))
        given["period"] = named
        cast("forms.ChoiceField", self.fields["period"]).choices = periods_offered(today, named)
        if len(centres) > 1:
            cast("forms.ChoiceField", self.fields["centre"]).choices = [
                ("", _("All centres")),
                *((each.code, each.name) for each in centres),
            ]
        else:
            cast("forms.ChoiceField", self.fields["centre"]).choices = [(each.code, each.name) for each in centres]
            self.fields["centre"].widget = forms.HiddenInput()

    @property
    def whose(self) -> UnitKind:
        """Of a form found valid, as all that follows."""
        return UnitKind(self.cleaned_data["kind"])

    @property
    def place(self) -> Organisation | None:
        code = self.cleaned_data["centre"]
        return next((each for each in self.centres if each.code == code), None)

    @property
    def days(self) -> Period:
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        named = period_named(self.cleaned_data["period"])
        if since is None and until is None:
            return named
        first = since or min(named.start, until)
        last = until or max(named.end - A_DAY, first)
        return Period(min(first, last), max(first, last) + A_DAY)

    @property
    def case_type_words(self) -> str:
        named = self.cleaned_data["case_type"]
        return str(CaseType(named).label) if named else ""

    @property
    def centre_words(self) -> str:
        return self.place.name if self.place else ""


def periods_offered(today: date, chosen: str = "") -> list[tuple[str, str]]:
    """This year and the two before it, and their quarters that have begun: (in the address, in words)."""
    offered = [] if not chosen else [chosen]
    for year in range(today.year, today.year - YEARS_OFFERED, -1):
        offered.append(str(year))
        quarters = (Period.quarter(year, number) for number in range(4, 0, -1))
        offered += [name_of(each) for each in quarters if each.start <= today]
    found = offered[1:] if chosen in offered[1:] else offered
    return [(each, period_in_words(period_named(each))) for each in found]
