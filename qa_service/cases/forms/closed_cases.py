"""Of which closed cases figures speak: filters that live in the address, the same for pages, files and endpoints."""

import re
from datetime import date
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.enums import CaseType
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation

QUARTERS_SHOWN = 8
YEARS_SHOWN = 3
PERIOD = re.compile(r"(?P<year>20\d\d)(?:-Q(?P<quarter>[1-4]))?")


class ClosedCasesForm(forms.Form):
    """One centre or all within reach; one quarter or year of closing or all; one type of case or all."""

    # Who reads these figures: their places are offered.
    readers: ClassVar[tuple[Role, ...]] = (Role.MANAGER, Role.SUPERVISOR)

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
        centre.queryset = organisations_reached(user, *self.readers).filter(kind=OrganisationKind.CENTRE)
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
    def cases(self) -> ClosedCases:
        """Of a form found valid, as all that follows."""
        centre, named = self.cleaned_data["centre"], self.cleaned_data["period"]
        return ClosedCases(
            centre_id=centre.pk if centre else None,
            period=period_of(named) if named else None,
            case_type=self.cleaned_data["case_type"],
        )

    @property
    def zone(self) -> ZoneInfo | None:
        """Of the one centre that the figures are about; None is the service's own."""
        own = getattr(self.cleaned_data["centre"], "settings", None)
        return ZoneInfo(own.time_zone) if own else None

    @property
    def words(self) -> list[str]:
        """What was chosen, for people."""
        return [each for each in (self.centre_words, self.period_words, self.case_type_words) if each]

    @property
    def centre_words(self) -> str:
        centre = self.cleaned_data["centre"]
        return str(centre.name) if centre else _("All centres")

    @property
    def period_words(self) -> str:
        """Empty where it is of any time."""
        named = self.cleaned_data["period"]
        return period_words(named) if named else ""

    @property
    def case_type_words(self) -> str:
        named = self.cleaned_data["case_type"]
        return str(CaseType(named).label) if named else ""


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
