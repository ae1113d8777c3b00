"""What people type about organs: entries of the address book, answers from paper, what became of a letter."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.fields import DayField
from qa_service.organisations.models import Organisation
from surveys.enums import ErrandOutcome, OrganKind, OrganLanguage, OrganWay
from surveys.queries.organ_book import centres_with_a_book
from surveys.services.organs.opinions import LONGEST_SIGNATURE, NO_ANSWER
from surveys.services.organs.organ_book import OrganInput


def _day(label: Any, **given: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)


class OrganEntryForm(forms.Form):
    """One entry. What does not go together is for the service to say."""

    centre: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Centre"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
    name = forms.CharField(label=_("Name of the unit"), max_length=100, help_text=_("As cases write it, in full."))
    also_called = forms.CharField(
        label=_("Also written as"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Other spellings in cases, one a line."),
    )
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=OrganKind.choices)
    way = forms.ChoiceField(
        label=_("How it is asked"),
        choices=OrganWay.choices,
        help_text=_("Without a mail server those of e-mail get letters."),
    )
    agreed_on = _day(
        _("Agreed to it on"),
        required=False,
        help_text=_("The day on which the unit agreed to be asked in this way. Before that no e-mail goes."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Of the unit or its division, not of a judge."),
    )
    address = forms.CharField(label=_("Postal address"), required=False, max_length=200)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=OrganLanguage.choices,
        initial=OrganLanguage.CHINESE,
        required=False,
        help_text=_("Of e-mails and letters; on the page the reader may choose another."),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, fixed: bool = False, **kwargs: Any) -> None:
        """`fixed`: the entry stands in its book already."""
        super().__init__(*args, **kwargs)
        centres = centres_with_a_book(user)
        if fixed:
            del self.fields["centre"]
        else:
            cast("forms.ModelChoiceField[Organisation]", self.fields["centre"]).queryset = centres

    def entry(self) -> OrganInput:
        """What the valid form says."""
        given = dict(self.cleaned_data)
        given.pop("centre", None)
        return OrganInput(
            **{
                **given,
                "kind": OrganKind(given["kind"]),
                "way": OrganWay(given["way"]),
                "language": OrganLanguage(given["language"] or OrganLanguage.CHINESE),
                "also_called": given["also_called"].splitlines(),
            }
        )


class OpinionSheetForm(forms.Form):
    """What stands on a sheet beside the items, which are read by question."""

    signed_by = forms.CharField(
        label=_("Who signed for the unit"), max_length=LONGEST_SIGNATURE, help_text=_("A name and post, or the seal.")
    )
    received_on = _day(_("The sheet came in on"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )


class NoOpinionForm(forms.Form):
    """What became of asking, short of an answer."""

    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (NO_ANSWER[0].value, _("The unit does not wish to answer")),
            (NO_ANSWER[1].value, ErrandOutcome.RETURNED.label),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )


class SentForm(forms.Form):
    sent_on = _day(_("The letters left on"))
