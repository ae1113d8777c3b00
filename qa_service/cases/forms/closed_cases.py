"""Of which closed cases figures speak: filters that live in the address, the same for pages, files and endpoints."""

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
from qa_service.common.period_names import PeriodUnknown, name_of, period_in_words, period_named
from qa_service.common.periods import Period, quarters_until
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation

QUARTERS_SHOWN = 8
YEARS_SHOWN = 3
YEARS = range(2000, 2100)


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
        chosen, offered = _quarter_or_year(self.data.get("period", "")), _offered(today)
        if chosen is not None:
            # A link may spell the quarter the old way: the list chooses by the one name of each.
            given = cast("Any", self.data).copy()
            given["period"] = name_of(chosen)
            self.data = given
            offered = offered if chosen in offered else [chosen, *offered]
        self.fields["period"].widget.choices = [
            ("", _("At any time")),
            *((name_of(each), period_in_words(each)) for each in offered),
        ]

    def clean_period(self) -> str:
        named = str(self.cleaned_data["period"])
        if named and _quarter_or_year(named) is None:
            raise ValidationError(_("Give a year like 2026 or a quarter like 2026-Q4."))
        return named

    @property
    def cases(self) -> ClosedCases:
        """Of a form found valid, as all that follows."""
        centre, named = self.cleaned_data["centre"], self.cleaned_data["period"]
        return ClosedCases(
            centre_id=centre.pk if centre else None,
            period=period_named(named) if named else None,
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
        return period_in_words(period_named(named)) if named else ""

    @property
    def case_type_words(self) -> str:
        named = self.cleaned_data["case_type"]
        return str(CaseType(named).label) if named else ""


def _quarter_or_year(named: str) -> Period | None:
    try:
        found = period_named(named)
    except PeriodUnknown:
        return None
    named_so = found.is_quarter or found.is_year
    return found if named_so and found.start.year in YEARS else None


def _offered(today: date) -> list[Period]:
    return [
        *quarters_until(today, QUARTERS_SHOWN),
        *(Period.year(today.year - back) for back in range(YEARS_SHOWN)),
    ]
