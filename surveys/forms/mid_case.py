"""What a manager types to have clients asked while their case runs."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.common.fields import DayField
from surveys.enums import MidCaseWay, Occasion
from surveys.mid_case import CLOSES_AFTER, DAYS, REMIND_AFTER, MidCaseTerms
from surveys.models import Questionnaire

LABELS = {
    Occasion.AFTER_ASSIGNMENT: _("Days from assignment to asking"),
    Occasion.BEFORE_HEARING: _("Days before the hearing"),
}


class MidCasePlanForm(forms.Form):
    """The terms of one occasion; their bounds are the service's to keep."""

    questionnaire_key = forms.ChoiceField(label=_("Questionnaire"))
    days = forms.IntegerField()
    remind_after_days = forms.IntegerField(
        label=_("Days from the first text to the second"),
        min_value=REMIND_AFTER[0],
        max_value=REMIND_AFTER[-1],
        help_text=_("0: no second text."),
    )
    closes_after_days = forms.IntegerField(
        label=_("Days until the follow-up closes"), min_value=CLOSES_AFTER[0], max_value=CLOSES_AFTER[-1]
    )
    ways = forms.MultipleChoiceField(
        label=_("Ways of asking"),
        choices=MidCaseWay.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("As far as each person's contact plan allows them. Nothing goes out on paper."),
    )
    starts_on = DayField(
        label=_("First day of assignment asked about"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, data: Any = None, *, occasion: Occasion, questionnaires: list[Questionnaire], terms: MidCaseTerms
    ) -> None:
        initial = {name: getattr(terms, name) for name in terms.__slots__}
        super().__init__(data, initial=initial, prefix=occasion.value)
        key = cast("forms.ChoiceField", self.fields["questionnaire_key"])
        key.choices = [(each.key, f"{each.title} · {each.key}") for each in questionnaires]
        days = cast("forms.IntegerField", self.fields["days"])
        days.label = LABELS[occasion]
        bounds = DAYS[occasion]
        days.widget.attrs |= {"min": bounds[0], "max": bounds[-1]}
        if occasion is Occasion.BEFORE_HEARING:
            del self.fields["starts_on"]
        self._starts_on = terms.starts_on

    @property
    def terms(self) -> MidCaseTerms:
        """Of a form found valid."""
        given = {"starts_on": self._starts_on} | self.cleaned_data
        return MidCaseTerms(**(given | {"ways": tuple(MidCaseWay(way) for way in given["ways"])}))
