"""What people type about an unhappy client's matter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.common.fields import DayField
from surveys.enums import AlertKind, ConsentWay, Finding, Ground, RecoveryAct

DAY = {"type": "date"}
LONGEST = 2000
# What nobody chose is not to stand in a record as if they had.
UNCHOSEN = ("", _("Please choose"))

# What stands on the button of each step that a person takes.
BUTTONS = {
    RecoveryAct.TAKE: _("Take this on"),
    RecoveryAct.MISS: _("Tried, nobody reached"),
    RecoveryAct.REACH: _("I spoke with the client"),
    RecoveryAct.VERIFY: _("Store what was found"),
    RecoveryAct.FIX: _("Store what was put right or explained"),
    RecoveryAct.TELL: _("Store what the client was told"),
    RecoveryAct.ASK: _("Ask the client again"),
    RecoveryAct.SIGN_OFF: _("Sign off"),
    RecoveryAct.SEND_BACK: _("Send back"),
}


class AlertFilter(forms.Form):
    """Which matters the list shows; nothing chosen is all that are open."""

    kind = forms.ChoiceField(label=_("Matter"), required=False, choices=[("", _("Every kind")), *AlertKind.choices])
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Open")), ("late", _("Late")), ("sign", _("To be signed off")), ("closed", _("Closed ones"))],
    )


class RecoveryStepForm(forms.Form):
    """One step; which one is the button that was pressed."""

    finding = forms.ChoiceField(
        label=_("What looking into it showed"), required=False, choices=[("", "—"), *Finding.choices]
    )
    note = forms.CharField(
        label=_("What was found, done or said"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
        help_text=_("Read by the centre and the bureau. Never by the lawyer."),
    )

    def __init__(self, *args: Any, verifying: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not verifying:
            del self.fields["finding"]


class ConsentForm(forms.Form):
    """That the client agreed, when and how."""

    consented_on = DayField(label=_("The client agreed on"), widget=forms.DateInput(attrs=DAY))
    consent_by = forms.ChoiceField(label=_("How they agreed"), choices=[UNCHOSEN, *ConsentWay.choices])


class LawyerQuestionForm(ConsentForm):
    text = forms.CharField(
        label=_("What the lawyer will read"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
        help_text=_("These words and the number of the case, nothing else. Read them to the client first."),
    )
    agreed = forms.BooleanField(label=_("The client agreed to exactly these words."))


class ConversionForm(ConsentForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=[UNCHOSEN, *Ground.choices])
    facts = forms.CharField(
        label=_("What happened, in the client's words"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 5000}),
    )
    request = forms.CharField(
        label=_("What the client asks for"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 5000}),
    )
    agreed = forms.BooleanField(label=_("The client wants this entered as a complaint."))


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply to the centre"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
    )
