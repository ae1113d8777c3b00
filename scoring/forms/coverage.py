"""Of which centre and cases the coverage ledger and the appraisal table speak."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_service.accounts.models import User
from qa_service.organisations.models import Organisation
from scoring.forms.glance import GlanceForm
from scoring.queries.coverage import BY_LAWYER, BY_STATION, BY_TYPE
from scoring.queries.standings import centres_overseen


class OneCentreForm(GlanceForm):
    """One centre at a time: where the address names none, the first."""

    def __init__(self, data: Any, *, user: User, **kwargs: Any) -> None:
        given = data.copy()
        first = None if given.get("centre") else centres_overseen(user).first()
        if first is not None:
            given["centre"] = first.code
        super().__init__(given, user=user, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["centre"]).empty_label = None


class CoverageForm(OneCentreForm):
    by = forms.ChoiceField(
        label=pgettext_lazy("counted", "By"),
        required=False,
        choices=[(BY_LAWYER, _("Lawyer")), (BY_TYPE, _("Type of case")), (BY_STATION, _("Station"))],
    )

    def __init__(self, data: Any, **kwargs: Any) -> None:
        given = data.copy()
        given["by"] = given.get("by") or BY_LAWYER
        super().__init__(given, **kwargs)
