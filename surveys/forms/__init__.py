"""What people type, made clean."""

import re
import unicodedata
from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.common.periods import Period
from qa_service.common.tokens import CLEAR, SHORT_CODE_LENGTH
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys.enums import Answerer, Mode, PhoneOutcome

CODE_PATTERN = rf"^[{CLEAR}]{{{SHORT_CODE_LENGTH}}}$"


class CodeForm(forms.Form):
    """The short code of a text or a sheet of paper, read as kindly as people write it."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        error_messages={"required": _("Please type the code from the text message or the sheet.")},
    )

    def clean_code(self) -> str:
        plain = unicodedata.normalize("NFKC", str(self.cleaned_data["code"])).upper()
        code = "".join(sign for sign in plain if sign.isalnum())
        RegexValidator(CODE_PATTERN, _("A code has 8 letters and digits. Please check each sign."))(code)
        return code


# What staff key in for the client.
KEYED_MODES = [(mode.value, mode.label) for mode in (Mode.TELEPHONE, Mode.VISIT, Mode.PAPER, Mode.LETTER)]


class CallForm(forms.Form):
    """What became of one call. The answers themselves are read by question."""

    outcome = forms.ChoiceField(
        label=_("What became of the call"), choices=PhoneOutcome.choices, widget=forms.RadioSelect
    )
    answerer = forms.ChoiceField(label=_("Who answered"), choices=Answerer.choices, initial=Answerer.CLIENT)
    mode = forms.ChoiceField(label=_("How it was answered"), choices=KEYED_MODES, initial=Mode.TELEPHONE)
    call_back_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") == PhoneOutcome.CALL_BACK and not given.get("call_back_at"):
            self.add_error("call_back_at", _("Say when to call again."))
        return given


QUARTERS_SHOWN = 8
QUARTER = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")


class FunnelForm(forms.Form):
    """One centre or all within reach; one quarter of closing or all."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Centre"), queryset=Organisation.objects.none(), required=False, to_field_name="public_id",
        empty_label=_("All centres"),
    )  # fmt: skip
    period = forms.ChoiceField(label=_("Closed in"), required=False)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = organisations_reached(user, Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP)
        centre = cast("forms.ModelChoiceField[Organisation]", self.fields["centre"])
        centre.queryset = reached.filter(kind=OrganisationKind.CENTRE)
        period = cast("forms.ChoiceField", self.fields["period"])
        period.choices = [("", _("At any time")), *((name, name) for name in _last_quarters(today))]

    def clean_period(self) -> Period | None:
        found = QUARTER.fullmatch(self.cleaned_data["period"])
        return Period.quarter(int(found["year"]), int(found["quarter"])) if found else None


def _last_quarters(today: date) -> list[str]:
    count = today.year * 4 + (today.month - 1) // 3
    return [f"{(count - back) // 4}-Q{(count - back) % 4 + 1}" for back in range(QUARTERS_SHOWN)]
