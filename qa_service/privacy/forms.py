"""What people type about keeping and erasing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.cases.enums import NumberOwner
from qa_service.common.fields import DayField
from qa_service.privacy.enums import Asker, CameBy, Proof, RequestKind, RequestState
from qa_service.privacy.queries.terms import Kept

DAY = {"type": "date"}
LONGEST = 2000


class TermForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), required=False)

    def __init__(self, *args: Any, kept: Kept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = kept.rule.term
        if term is None:
            return
        field = self.fields["days"]
        field.help_text = _(
            "%(shortest)d to %(longest)d. Empty: as the place above says, else the default of %(days)d."
        ) % {"shortest": term.shortest, "longest": term.longest, "days": term.days}
        field.widget.attrs |= {"min": term.shortest, "max": term.longest, "inputmode": "numeric"}


class LookUpForm(forms.Form):
    """A person, by number, or by name and case number. Sent in the body: nothing of it stands in an address."""

    phone = forms.CharField(
        label=_("Telephone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("The whole number. Each look-up is recorded with your name."),
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    case_number = forms.CharField(label=_("Case number"), required=False, max_length=64)


class RequestForm(forms.Form):
    """A request as it came."""

    kind = forms.ChoiceField(label=_("What the person asks"), choices=RequestKind.choices)
    asker = forms.ChoiceField(label=_("Who asks"), choices=Asker.choices)
    asker_name = forms.CharField(
        label=_("Name of whoever asks"), required=False, max_length=50, help_text=_("Empty where it is the person.")
    )
    proof = forms.ChoiceField(
        label=_("How it was shown who asks"), choices=Proof.choices, help_text=_("Keep no copy of the paper.")
    )
    came_by = forms.ChoiceField(label=_("How it came"), choices=CameBy.choices)
    received_on = DayField(label=_("Received on"), widget=forms.DateInput(attrs=DAY))
    wanted = forms.CharField(
        label=_("In their own words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
    )


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (RequestState.GRANTED.value, _("Grant it")),
            (RequestState.REFUSED.value, _("Refuse it")),
            (RequestState.WITHDRAWN.value, _("The person has withdrawn it")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    reason = forms.CharField(
        label=_("Reason, as the person is told it"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        help_text=_("A refusal needs one."),
    )


class CorrectionForm(forms.Form):
    new_name = forms.CharField(
        label=_("Name as it should be"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    new_phone = forms.CharField(
        label=_("Number as it should be"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    owner = forms.ChoiceField(label=_("Whose number it is"), choices=NumberOwner.choices, initial=NumberOwner.CLIENT)
