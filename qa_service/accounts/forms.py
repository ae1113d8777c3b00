"""What people type about accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import organisations_reached
from qa_service.organisations.models import Organisation

# A manager gives the roles of a centre; a supervisor's and an operator's come from someone who holds them.
GIVEN_BY: dict[str, tuple[Role, ...]] = {
    Role.OPERATOR: (
        Role.OPERATOR,
        Role.SUPERVISOR,
        Role.MANAGER,
        Role.REVIEWER,
        Role.OBSERVER,
        Role.FOLLOW_UP,
        Role.LAWYER,
    ),
    Role.SUPERVISOR: (Role.MANAGER,),
    Role.MANAGER: (Role.REVIEWER, Role.OBSERVER, Role.FOLLOW_UP, Role.LAWYER),
}


class PreferencesForm(forms.Form):
    shortcuts_enabled = forms.BooleanField(label=_("Keyboard shortcuts in the review workspace"), required=False)


class NewPersonForm(forms.Form):
    username = forms.SlugField(label=_("User name"), max_length=50)
    display_name = forms.CharField(label=_("Name"), max_length=50)
    password = forms.CharField(label=_("First password"), widget=forms.PasswordInput, strip=False)
    licence_number = forms.CharField(label=_("Licence number, for a lawyer"), max_length=32, required=False)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("At"), queryset=Organisation.objects.none()
    )

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {role for held in giver.roles for role in GIVEN_BY.get(held, ())}
        self.fields["role"].choices = [(role, role.label) for role in Role if role in given]  # type: ignore[attr-defined]
        self.given = frozenset(given)
        self.places = organisations_reached(giver, Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)
        self.fields["organisation"].queryset = self.places  # type: ignore[attr-defined]

    def may_take(self, held: Grant, places: set[int]) -> bool:
        """Whether the giver could have given this role there, and so may take it away; `places` are pks reached."""
        return held.role in self.given and held.organisation_id in places
