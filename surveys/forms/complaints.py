"""What people type about complaints and their clocks."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.queries import staff_cases
from qa_service.common.fields import DayField
from qa_service.organisations.models import Organisation
from surveys.enums import (
    RECEIVED_BY_ITSELF,
    Complainant,
    ComplaintAct,
    ComplaintOutcome,
    ComplaintState,
    Ground,
    Received,
    Respondent,
)
from surveys.forms.recoveries import UNCHOSEN
from surveys.models import Complaint
from surveys.queries.complaints import ENTERING, centres_of, handlers_of, in_same_register

LONGEST = 5000
DAY = {"type": "date"}


def _text(label: Any, *, required: bool = True, rows: int = 4) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=area)


class ComplaintFilter(forms.Form):
    """The same filters on the page and in the export."""

    q = forms.CharField(label=_("Number of the complaint or the case"), required=False, max_length=64)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Open")),
            ("late", _("Late")),
            ("left", _("Whoever handled it is gone")),
            ("all", _("All")),
            *((each.value, each.label) for each in ComplaintState),
        ],
    )
    ground = forms.ChoiceField(label=_("Ground"), required=False, choices=[("", _("Every ground")), *Ground.choices])
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2999)
    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Centre"), queryset=Organisation.objects.none(), required=False, to_field_name="public_id",
        empty_label=_("All centres"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _field(self, "centre").queryset = centres_of(user, Role.MANAGER, Role.SUPERVISOR)


class ComplaintForm(forms.Form):
    """A complaint as it came, by letter, by word of mouth or otherwise."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Centre concerned"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label=_("Please choose"),
    )
    case_number = forms.CharField(
        label=_("Case number"), required=False, max_length=64, help_text=_("Leave empty where it is not known.")
    )
    received_on = DayField(label=_("Received on"), widget=forms.DateInput(attrs=DAY))
    received_by = forms.ChoiceField(
        label=_("Received by"), choices=[each for each in Received.choices if each[0] not in RECEIVED_BY_ITSELF]
    )
    complainant = forms.ChoiceField(
        label=_("Who complains"), choices=[each for each in Complainant.choices if each[0] != Complainant.OFFICE]
    )
    complainant_name = forms.CharField(label=_("Name"), max_length=50)
    contact = forms.CharField(
        label=_("How the reply reaches them"), max_length=200, help_text=_("A number or an address.")
    )
    respondent = forms.ChoiceField(label=_("Complains of"), choices=Respondent.choices)
    respondent_name = forms.CharField(
        label=_("Name of the person or body complained of"), required=False, max_length=100
    )
    ground = forms.ChoiceField(label=_("Ground"), choices=[UNCHOSEN, *Ground.choices])
    facts = _text(_("Facts complained of"), rows=6)
    request = _text(_("What is asked for"), required=False, rows=2)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        centres = centres_of(user, *ENTERING)
        field = _field(self, "centre")
        field.queryset = centres
        only = list(centres[:2])
        if len(only) == 1:
            field.initial, field.empty_label = only[0].public_id, None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number, centre = given.get("case_number", "").strip(), given.get("centre")
        given["case"] = None
        if number and centre:
            given["case"] = staff_cases(self.user).filter(centre=centre, number=number).first()
            if given["case"] is None:
                self.add_error("case_number", _("This centre has no case of this number."))
        return given


BUTTONS = {
    ComplaintAct.ASSIGN: _("Give it to somebody to look into"),
    ComplaintAct.NOTE: _("Add a note"),
    ComplaintAct.ASK_MORE: _("Ask for what is missing (once)"),
    ComplaintAct.COMPLETE: _("What was missing has come"),
    ComplaintAct.ACCEPT: _("Accept"),
    ComplaintAct.REFUSE: _("Do not accept"),
    ComplaintAct.EXTEND: _("Extend the time (once)"),
    ComplaintAct.DECIDE: _("Decide"),
    ComplaintAct.REPLY: _("Record the reply"),
    ComplaintAct.WITHDRAW: _("Record a withdrawal"),
    ComplaintAct.MERGE: _("Join to another complaint"),
}
STEP_WORDS = {
    ComplaintAct.NOTE: _("Note"),
    ComplaintAct.ASK_MORE: _("What is missing"),
    ComplaintAct.REFUSE: _("Why it is not accepted, as told to the complainant"),
    ComplaintAct.EXTEND: _("Why more time is needed, and who approved it"),
    ComplaintAct.DECIDE: _("Findings and reasons"),
    ComplaintAct.REPLY: _("The reply"),
    ComplaintAct.WITHDRAW: _("What the complainant said"),
}
STEP_DAYS = {
    ComplaintAct.COMPLETE: _("Received on"),
    ComplaintAct.ACCEPT: _("Accepted on"),
    ComplaintAct.REFUSE: _("Told on"),
    ComplaintAct.DECIDE: _("Decided on"),
    ComplaintAct.REPLY: _("Reply sent on"),
}


class ComplaintStepForm(forms.Form):
    """The fields of one step."""

    def __init__(self, *args: Any, act: ComplaintAct, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act.value}-%s", **kwargs})
        self.act = act
        self.button = BUTTONS[act]
        self.complaint = complaint
        if act in STEP_DAYS:
            day = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
            self.fields["on"] = DayField(label=STEP_DAYS[act], widget=day)
        if act is ComplaintAct.DECIDE:
            self.fields["outcome"] = forms.ChoiceField(
                label=_("Outcome of the complaint"), choices=ComplaintOutcome.choices
            )
        if act is ComplaintAct.ASSIGN:
            self.fields["handler"] = forms.ModelChoiceField(
                label=_("Handler"), queryset=handlers_of(complaint), to_field_name="public_id"
            )
            self.fields["with_centre"] = forms.BooleanField(
                label=_("The centre's manager looks into it and may see it"),
                required=False,
                initial=complaint.with_centre,
                disabled=complaint.respondent == Respondent.CENTRE,
            )
        if act is ComplaintAct.MERGE:
            self.fields["joined_to"] = forms.CharField(label=_("Number of the complaint it joins"), max_length=60)
        if act in STEP_WORDS:
            self.fields["note"] = _text(STEP_WORDS[act])

    def clean_joined_to(self) -> Complaint | None:
        label = str(self.cleaned_data["joined_to"]).strip()
        return in_same_register(self.complaint, label)


class RecoveryDaysForm(forms.Form):
    """Working days of one centre."""

    acknowledge = forms.IntegerField(label=_("Take on within (working days)"), min_value=1, max_value=15)
    contact = forms.IntegerField(label=_("Speak with the client within (working days)"), min_value=1, max_value=15)
    settle = forms.IntegerField(label=_("Settle within (working days)"), min_value=1, max_value=60)
    bureau_after = forms.IntegerField(
        label=_("Tell the bureau when this many working days late"), min_value=0, max_value=30
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        order = [given.get(name) for name in ("acknowledge", "contact", "settle")]
        if None not in order and order != sorted(cast("list[int]", order)):
            self.add_error("settle", _("Taking on comes before speaking, speaking before settling."))
        return given


class ComplaintRulesForm(forms.Form):
    """The clocks of one bureau's register."""

    accept_days = forms.IntegerField(
        label=_("Decide whether to accept within (working days)"), min_value=1, max_value=60
    )
    decide_days = forms.IntegerField(label=_("Decide within (days)"), min_value=1, max_value=365)
    extend_days = forms.IntegerField(label=_("An extension adds (days)"), min_value=0, max_value=365)
    reply_days = forms.IntegerField(label=_("Reply within (working days of the decision)"), min_value=1, max_value=60)
    number_prefix = forms.CharField(label=_("Numbers begin with"), max_length=20)
    legal_basis = forms.CharField(label=_("Rule these days come from"), max_length=200, required=False)


def _field(form: forms.Form, name: str) -> "forms.ModelChoiceField[Organisation]":
    return cast("forms.ModelChoiceField[Organisation]", form.fields[name])
