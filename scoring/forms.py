"""What people type when they decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.enums import AppealState, Outcome

AREA = forms.Textarea(attrs={"rows": 4})


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reasons"), widget=AREA, max_length=2000)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=AREA, max_length=2000)


class StatementForm(forms.Form):
    text = forms.CharField(label=_("Your statement"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)


class AppealForm(forms.Form):
    text = forms.CharField(label=_("Why you appeal"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)


class AppealAnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (AppealState.UPHELD.value, _("Uphold: the notice is withdrawn")),
            (AppealState.DISMISSED.value, _("Dismiss")),
        ],
    )
    answer = forms.CharField(label=_("Reasons"), widget=AREA, max_length=2000)


class TaskForm(forms.Form):
    note = forms.CharField(label=_("What was done"), widget=AREA, max_length=2000)


class VerifyForm(forms.Form):
    code = forms.CharField(label=_("Verification code"), max_length=20)
