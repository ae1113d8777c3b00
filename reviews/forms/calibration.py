"""What a manager types to open a calibration round."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.fields import DayField
from reviews.forms import DayInput


class Ticks(forms.CheckboxSelectMultiple):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-check-input"})


class OpenRoundForm(forms.Form):
    """For one centre, whose reviewers and files may be ticked; files that are not listed are typed by their number."""

    name = forms.CharField(label=_("Name of the round"), max_length=100)
    due_on = DayField(label=_("Marks due on"), widget=DayInput)
    lately = forms.MultipleChoiceField(label=_("Files read lately"), required=False, widget=Ticks)
    numbers = forms.CharField(
        label=_("Other files"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Case numbers, one a line. Files of one kind of checklist, 2 to 20 in all; the more, the more they say."
        ),
    )
    readers = forms.MultipleChoiceField(
        label=_("Reviewers"),
        widget=Ticks,
        help_text=_("At least three who have read none of these files. Each marks every file alone."),
    )
    panel = forms.MultipleChoiceField(
        label=_("Panel"),
        widget=Ticks,
        help_text=_(
            "At least two, who mark nothing in this round. They agree on the mark of every item, and read these files "
            "for no result any more."
        ),
    )

    def __init__(
        self,
        *args: Any,
        lately: Mapping[str, Sequence[str]],
        readers: Sequence[User],
        panel: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "lately": [(number, _read_by(number, lately[number])) for number in lately],
            "readers": _named(readers),
            "panel": _named(panel),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - tells the type checker what is declared
            field.choices = choices
        if not lately:
            del self.fields["lately"]

    def all_numbers(self) -> list[str]:
        """Every file once, the ticked ones first."""
        typed = [line.strip() for line in self.cleaned_data["numbers"].splitlines()]
        return list(dict.fromkeys([*self.cleaned_data.get("lately", ()), *(line for line in typed if line)]))


def _read_by(number: str, readers: Sequence[str]) -> str:
    if not readers:
        return number
    return gettext("%(case)s · read by %(names)s") % {"case": number, "names": gettext(", ").join(readers)}


def _named(people: Sequence[User]) -> list[tuple[str, str]]:
    return [(str(person.public_id), str(person)) for person in people]
