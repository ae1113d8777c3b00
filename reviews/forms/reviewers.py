"""What people type on the pages of the list of reviewers."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType
from qa_service.common.fields import DayField
from qa_service.organisations.models import Firm, Lawyer
from reviews.conflicts import CAPACITY
from reviews.forms import DayInput
from reviews.models.reviewers import MOST_FILES


class TermsForm(forms.Form):
    capacity = forms.IntegerField(
        label=_("Open files at most"),
        min_value=0,
        max_value=MOST_FILES,
        initial=CAPACITY,
        help_text=_("0 to 200. With 0 no file is given to this person until it is raised again."),
    )
    case_types = forms.MultipleChoiceField(
        label=_("Types of case read"),
        choices=CaseType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("None ticked: every type."),
    )
    practising_since = DayField(
        label=_("In practice since"),
        widget=DayInput,
        required=False,
        help_text=_("Less than three years ago: no file is given. Empty: not known, and shown as not known."),
    )


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """By the public id; anybody who is not on the list is no choice."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), to_field_name="public_id", **kwargs)


class LawyerByLicence(forms.CharField):
    """A lawyer of the register, by the number of their licence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.lawyers: QuerySet[Lawyer] = Lawyer.objects.all()

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        found = self.lawyers.filter(licence_number=number).first()
        if found is None:
            raise forms.ValidationError(_("No lawyer with this licence number is known here."))
        return found


class FirmByName(forms.CharField):
    """A firm of the register, by its full name; the same firm may be known at several centres."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        found = Firm.objects.filter(name=name).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No firm of this name is known here."))
        return found


class ObjectionForm(forms.Form):
    """A lawyer's own: to whom, and why."""

    reviewer = PersonChoice(label=_("Reviewer"), empty_label="—")
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewer"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what is declared above
        field.queryset = people


class PaperObjectionForm(ObjectionForm):
    """One that came on paper, entered by a manager."""

    lawyer = LawyerByLicence(label=_("Licence number of the lawyer"))
    received_on = DayField(label=_("Day on which the objection was received"), widget=DayInput)

    def __init__(self, *args: Any, lawyers: QuerySet[Lawyer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lawyer"]
        assert isinstance(field, LawyerByLicence)  # noqa: S101 - tells the type checker what is declared above
        field.lawyers = lawyers


class RelationForm(forms.Form):
    """A lawyer or a firm, not both."""

    lawyer = LawyerByLicence(label=_("Licence number of the lawyer"), required=False)
    firm = FirmByName(label=_("or the full name of a firm"), required=False)


class TieForm(forms.Form):
    """What is known of a case: who stood on the other side, or who dealt with it before."""

    opposing_firm = FirmByName(label=_("Full name of the firm of the other side"), required=False)
    earlier_lawyer = LawyerByLicence(
        label=_("or licence number of a lawyer who has dealt with the matter before"), required=False
    )
