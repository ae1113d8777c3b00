"""What people type on the pages of file review."""

from datetime import date, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.common.fields import DayField
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import Rule
from reviews.sampling import usual_share_read_twice

PERCENT = Decimal(100)
A_YEAR = timedelta(days=365)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DrawForm(forms.Form):
    """The parameters of a draw; `until` is the last day of the period."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Centre"), empty_label=None
    )
    start = DayField(label=_("Cases closed from"), widget=DayInput)
    until = DayField(label=_("to"), widget=DayInput)
    rate = forms.DecimalField(label=_("Random share (%)"), min_value=0, max_value=100, max_digits=4, decimal_places=1)
    rules = forms.MultipleChoiceField(
        label=_("Rules"),
        choices=Rule.choices,
        required=True,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    twice = forms.DecimalField(
        label=_("Of the drawn files, read by two people (%)"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text=_("20 is usual from three reviewers on: files read by two show how strictly each of them marks."),
    )
    city_wide = forms.BooleanField(
        label=_("City-wide review: nobody of the centre's own county reads its files"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    seed = forms.CharField(
        label=_("Seed"), max_length=64, help_text=_("The same seed with the same cases draws the same files.")
    )
    places = "centre"

    def __init__(self, *args: Any, centres: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields[self.places]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what is declared above
        field.queryset = centres

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("start") and values.get("until") and values["until"] < values["start"]:
            self.add_error("until", _("The last day lies before the first."))
        return values

    def parameters(self) -> dict[str, Any]:
        """What the services take."""
        return self.common() | {"centre": self.cleaned_data["centre"]}

    def common(self) -> dict[str, Any]:
        """Wherever it is drawn."""
        values = self.cleaned_data
        return {
            "period": Period(values["start"], values["until"] + timedelta(days=1)),
            "rate": values["rate"] / PERCENT,
            "rules": [Rule(rule) for rule in values["rules"]],
            "twice": (values["twice"] or Decimal(0)) / PERCENT,
            "seed": values["seed"],
        }

    def confirmed(self) -> dict[str, Any]:
        """What the draw itself takes beside."""
        return {**self.parameters(), "city_wide": self.cleaned_data["city_wide"]}


def usual_draw(centre: Organisation | None, today: date, *, reviewers: int) -> dict[str, Any]:
    """The default plan: the last twelve months, a tenth at random, every rule, a fresh seed.

    A fifth is read by two people where the centre has three reviewers (`domain` 4.8).
    """
    return {
        "centre": centre.pk if centre else None,
        "start": (today - A_YEAR).isoformat(),
        "until": today.isoformat(),
        "rate": "10",
        "rules": list(Rule.values),
        "twice": str((usual_share_read_twice(reviewers) * PERCENT).normalize() + 0),
        "seed": token_hex(4),
    }


class ServiceForm(forms.Form):
    """Whether the day is needed and fits, the service knows."""

    served_on = DayField(label=_("Day on which the lawyer received the paper"), widget=DayInput, required=False)


class KeyedObjectionForm(forms.Form):
    received_on = DayField(label=_("Day on which the objection was received"), widget=DayInput, required=False)


class KeyedAnswerForm(forms.Form):
    received_on = DayField(widget=DayInput, required=False)


class KeyedMarksForm(forms.Form):
    """Whether the day is needed and fits, the service knows."""

    received_on = DayField(label=_("Day on which the paper came"), widget=DayInput, required=False)


class TransferForm(forms.Form):
    transferred_on = DayField(widget=DayInput, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class HandOverForm(ReasonForm):
    """`reviewer` empty: the free reviewer with the lightest load."""

    reviewer = forms.UUIDField(required=False)


class MoreTimeForm(ReasonForm):
    """Whether the day fits, the service knows."""

    due_on = DayField(label=_("New day"), widget=DayInput)

    field_order = ("due_on", "reason")


class TickedFiles(forms.TypedMultipleChoiceField):
    """Public ids of files that stood on the page; which of them are still there, the service knows."""

    def valid_value(self, value: Any) -> bool:
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True


class PassOnForm(ReasonForm):
    chosen = TickedFiles(coerce=UUID, error_messages={"required": _("Choose at least one file.")})


class DeclineForm(ReasonForm):
    relation = forms.ChoiceField(
        label=_("Declare a relation"),
        required=False,
        choices=[
            ("", _("No relation")),
            ("lawyer", _("I have a relation to the lawyer")),
            ("firm", _("I have a relation to the firm")),
        ],
    )
