"""What people type about accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import firms_for_heads, held_places, parents_for, places_for_roles
from qa_service.accounts.scope import roles_given
from qa_service.accounts.services import Giving
from qa_service.common.fields import DayField, ShortNameField
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CentreSettings, Firm, Organisation

# In the order in which a centre decides them.
SETTINGS_FIELDS = (
    "go_live_on", "takes_open_cases", "sms_enabled", "first_contact_delay_days", "clients_asked_a_case",
    "contact_opens", "contact_closes",
    "texts_a_day", "texts_a_month", "text_countries", "contact_plan_days",
    "organs_from", "organ_delay_days", "office_phone", "postal_address", "issuer_name", "document_prefix",
    "decision_limit_days", "assignment_limit_days", "subsidy_limit_days", "filing_limit_days", "acceptance_from",
    "blind_review", "self_assessment", "self_assessment_days",
    "recovery_acknowledge_days", "recovery_contact_days", "recovery_settle_days", "recovery_bureau_after_days",
    "records_bound_first", "person_request_days",
    "call_cost", "visit_cost", "letter_cost", "paper_cost", "call_minutes", "visit_minutes",
    "time_zone",
)  # fmt: skip
# From which something is done.
DAYS = ("go_live_on", "organs_from", "acceptance_from")


class PreferencesForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_(
            "What waits for you is also sent there, where the service has a mail server. Empty: only shown here."
        ),
    )
    shortcuts_enabled = forms.BooleanField(label=_("Keyboard shortcuts in the review workspace"), required=False)


class NewPersonForm(forms.Form):
    username = ShortNameField(label=_("User name"), max_length=50)
    display_name = forms.CharField(label=_("Name"), max_length=50)
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput,
        strip=False,
        help_text=_("Ten characters or more. At the first sign-in its owner is asked for one of their own."),
    )


class FirstPasswordForm(forms.Form):
    password = forms.CharField(label=_("New first password"), widget=forms.PasswordInput, strip=False)


class RoleForm(forms.Form):
    """A role and its place. Whether the pair may be given is for the service to say."""

    role = forms.ChoiceField(label=_("Role"))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("At"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("It reaches everything below. Not needed for lawyers and heads of firms."),
    )
    firm: "forms.ModelChoiceField[Firm]" = forms.ModelChoiceField(
        label=_("Firm"),
        queryset=Firm.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("For the head of a firm."),
    )
    licence_number = forms.CharField(
        label=_("Licence number"),
        max_length=32,
        required=False,
        help_text=_(
            "For a lawyer; also for a reviewer or observer who practises, to keep their own firm's files from them."
        ),
    )

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = roles_given(held_places(giver))
        roles = [(role, role.label) for role in Role if role in given]
        # Chosen, never left as it stands: the first of them reaches furthest.
        self.fields["role"].choices = [("", _("Please choose")), *roles]  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = places_for_roles(giver)  # type: ignore[attr-defined]
        self.fields["firm"].queryset = firms_for_heads(giver)  # type: ignore[attr-defined]

    def giving(self) -> Giving:
        """What the valid form says."""
        chosen = dict(self.cleaned_data)
        return Giving(
            role=Role(chosen["role"]),
            organisation=chosen["organisation"],
            firm=chosen["firm"],
            licence_number=chosen["licence_number"],
        )


class NewOrganisationForm(forms.Form):
    parent: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Under"),
        queryset=Organisation.objects.none(),
        empty_label=_("Please choose"),
        help_text=_("A centre or bureau stands under a bureau, a station under a centre."),
    )
    kind = forms.ChoiceField(label=_("What is added"))
    name = forms.CharField(label=pgettext_lazy("unit", "Name"), max_length=100)
    code = ShortNameField(
        label=_("Code"),
        max_length=32,
        help_text=_("Letters, digits, dashes; commands and programs name the place by it. It stays as it is."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents_for(user)  # type: ignore[attr-defined]
        kinds = OrganisationKind if user.has_role(Role.OPERATOR) else (OrganisationKind.STATION,)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_kind(self) -> OrganisationKind:
        return OrganisationKind(self.cleaned_data["kind"])


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("New name"),
        max_length=100,
        help_text=_(
            "Holds from now on. What was issued keeps the former name, and exports that use it are understood."
        ),
    )


class CentreForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Every field that may be edited at all; labels and help come from the model."""

    class Meta:
        model = CentreSettings
        fields = SETTINGS_FIELDS
        field_classes = dict.fromkeys(DAYS, DayField)
        widgets = {
            **{name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in DAYS},
            "contact_opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "contact_closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def disable(self) -> None:
        """Show without letting anybody write."""
        for field in self.fields.values():
            field.disabled = True
