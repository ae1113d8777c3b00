"""What people type, made clean."""

import unicodedata
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from qa_service.cases.enums import NumberOwner
from qa_service.common.tokens import CLEAR, SHORT_CODE_LENGTH
from surveys.enums import CLIENTS_ANSWERERS, AlertKind, Answerer, ErrandOutcome, Identity, Mode, PhoneOutcome
from surveys.matters import SPOKEN_OF
from surveys.queries.telephone import Chosen, Selection, When
from surveys.services.contact.numbers import NewNumber

CODE_PATTERN = rf"^[{CLEAR}]{{{SHORT_CODE_LENGTH}}}$"


class CodeForm(forms.Form):
    """The short code of a text or a sheet of paper, read as kindly as people write it."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        error_messages={"required": _("Please type the code from the text message or the sheet.")},
    )

    def __init__(self, *args: Any, of_letter: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_letter:
            self.fields["code"].error_messages["required"] = _("Please type the code of the letter.")

    def clean_code(self) -> str:
        plain = unicodedata.normalize("NFKC", str(self.cleaned_data["code"])).upper()
        code = "".join(sign for sign in plain if sign.isalnum())
        RegexValidator(CODE_PATTERN, _("A code has 8 letters and digits. Please check each sign."))(code)
        return code


# What staff key in for the client.
KEYED_MODES = [(mode.value, mode.label) for mode in (Mode.TELEPHONE, Mode.VISIT, Mode.PAPER, Mode.LETTER)]


class HeardField(forms.MultipleChoiceField):
    """What the person spoke of, in kinds of matters."""

    def __init__(self) -> None:
        super().__init__(
            label=_("What the person spoke of"),
            required=False,
            choices=[(kind.value, kind.label) for kind in SPOKEN_OF],
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self, value: Any) -> frozenset[AlertKind]:
        return frozenset(AlertKind(kind) for kind in super().clean(value))


class OfCentreField(forms.BooleanField):
    """Whether what they spoke of was done by somebody of the centre."""

    def __init__(self) -> None:
        super().__init__(label=_("It was somebody of the centre or a station"), required=False)


class CallForm(forms.Form):
    """What became of one call. The answers themselves are read by question."""

    outcome = forms.ChoiceField(
        label=_("What became of the call"), choices=PhoneOutcome.choices, widget=forms.RadioSelect
    )
    answerer = forms.ChoiceField(label=_("Who answered"), choices=CLIENTS_ANSWERERS, initial=Answerer.CLIENT)
    mode = forms.ChoiceField(label=_("How it was answered"), choices=KEYED_MODES, initial=Mode.TELEPHONE)
    call_back_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    identity = forms.ChoiceField(
        label=_("The person was known by"), choices=Identity.choices, required=False, widget=forms.RadioSelect
    )
    new_phone = forms.CharField(
        label=_("Another number"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    phone_owner = forms.ChoiceField(
        label=_("Whose number it is"), required=False, choices=[("", "—"), *NumberOwner.choices]
    )
    heard = HeardField()
    of_centre = OfCentreField()
    plan_confirmed = forms.BooleanField(label=_("The contact plan was gone through with the person"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") == PhoneOutcome.CALL_BACK and not given.get("call_back_at"):
            self.add_error("call_back_at", _("Say when to call again."))
        spoken = given.get("outcome") == PhoneOutcome.REACHED and given.get("mode") == Mode.TELEPHONE
        if spoken and not given.get("identity"):
            self.add_error(
                "identity", _("Say by which fact you knew the person. Unsure: choose “Identity not confirmed”.")
            )
        if given.get("new_phone") and not given.get("phone_owner"):
            self.add_error("phone_owner", _("Say whose number it is."))
        return given

    def promise_nothing(self) -> None:
        """Past the last day no call is offered that nobody can promise any more."""
        field = cast("forms.ChoiceField", self.fields["outcome"])
        field.choices = [choice for choice in PhoneOutcome.choices if choice[0] != PhoneOutcome.CALL_BACK]

    @property
    def number(self) -> "NewNumber | None":
        given = self.cleaned_data
        if not given["new_phone"]:
            return None
        return NewNumber(phone=given["new_phone"], owner=NumberOwner(given["phone_owner"]))


class AfterwardsForm(forms.Form):
    """What a person says when nobody asks them any more."""

    heard = HeardField()
    of_centre = OfCentreField()
    leave_alone = forms.BooleanField(label=_("Wishes to be left alone"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )


class ListForm(forms.Form):
    """Which part of the list. What it does not know chooses nothing, so an old address still shows the list."""

    when = forms.ChoiceField(
        label=_("Which calls"),
        required=False,
        choices=[
            (When.TODAY.value, _("Today")),
            (When.NOW.value, _("May be rung now")),
            (When.LATER.value, _("Promised for later")),
            (When.ALL.value, _("All")),
        ],
    )
    place = forms.ChoiceField(label=_("Township"), required=False)
    dialect = forms.ChoiceField(label=_("Dialect"), required=False)

    def __init__(self, data: Any, *, selection: Selection) -> None:
        given = data.copy()
        if given.get("when") not in set(When):
            given["when"] = When.TODAY.value
        super().__init__(given)
        every = ("", _("All"))
        for name, known in (("place", selection.places), ("dialect", selection.dialects)):
            cast("forms.ChoiceField", self.fields[name]).choices = [every, *((text, text) for text in known)]

    @property
    def chosen(self) -> Chosen:
        self.is_valid()
        given = self.cleaned_data
        return Chosen(
            when=When(given.get("when", When.TODAY)),
            place=given.get("place", ""),
            dialect=given.get("dialect", ""),
        )


class ErrandForm(forms.Form):
    """What became of one visit, letter or paper form."""

    outcome = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect)
    again_at = forms.DateTimeField(
        label=_("Come again at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    heard = HeardField()
    of_centre = OfCentreField()
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )

    def __init__(self, *args: Any, outcomes: Iterable[ErrandOutcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["outcome"])
        field.choices = [(outcome.value, outcome.label) for outcome in outcomes]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") == ErrandOutcome.COME_AGAIN and not given.get("again_at"):
            self.add_error("again_at", _("Say when to come again."))
        return given
