"""What staff may type: filters of the list, a file to import, a reason to see a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, ClientGroup, ContactReason, Gender, Relation, SpokenLanguage, Stage
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.cases.plans import Terms
from qa_service.cases.queries import centres_for_import
from qa_service.common import phones
from qa_service.common.fields import DayField
from qa_service.common.filters import YesNo
from qa_service.organisations.models import Organisation


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """The same filters on the page and in the API."""

    number = django_filters.CharFilter(lookup_expr="icontains", label=_("Case number"))
    case_type = django_filters.ChoiceFilter(choices=CaseType.choices, label=_("Case type"))
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label=_("Stage"))
    lawyer = django_filters.CharFilter(field_name="lawyer__name", lookup_expr="icontains", label=_("Lawyer"))
    firm = django_filters.CharFilter(field_name="firm__name", lookup_expr="icontains", label=_("Firm"))
    closed_from = django_filters.DateFilter(field_name="closed_on", lookup_expr="gte", label=_("Closed from"))
    closed_to = django_filters.DateFilter(field_name="closed_on", lookup_expr="lte", label=_("Closed to"))
    under_way = YesNo(field_name="closed_on", lookup_expr="isnull", label=_("Still under way"))
    filed = YesNo(field_name="filed_on", lookup_expr="isnull", exclude=True, label=_("File handed in"))
    contact = django_filters.ChoiceFilter(
        field_name="client__contact_plan__reason",
        choices=[choice for choice in ContactReason.choices if choice[0]],
        label=_("No text messages because"),
    )
    centre = django_filters.CharFilter(field_name="centre__code", label=_("Code of the centre"))

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Who does not ask for cases under way sees closed ones; so does who asks for what is no choice."""
        if self.form.cleaned_data.get("under_way") in (None, ""):
            queryset = queryset.filter(closed_on__isnull=False)
        found: QuerySet[Case] = super().filter_queryset(queryset)
        return found


class UploadForm(forms.Form):
    centre: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="code", label=_("Centre"), empty_label=_("Please choose")
    )
    file = forms.FileField(
        label=_("Export of the case system"),
        help_text=_("CSV (UTF-8 or GB18030) up to 64 MB, or an .xlsx workbook up to 10,000 rows, without formulas."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres = centres_for_import(user)
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = centres
        only = list(centres[:2])
        if len(only) == 1:
            field.initial = only[0].code
            field.empty_label = None


class ClientForm(forms.Form):
    """A further client of a case, as staff enter them. The fields are called as in a file."""

    client_name = forms.CharField(label=_("Name"), max_length=100)
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("Of this person alone: two people are not asked on one telephone."),
    )
    sms_consent = forms.BooleanField(label=_("Has agreed to text messages"), required=False)
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=Gender.choices)
    age = forms.IntegerField(label=_("Age"), required=False, min_value=0, max_value=120)
    group = forms.ChoiceField(label=_("Group"), choices=ClientGroup.choices, initial=ClientGroup.OTHER)
    township = forms.CharField(label=_("Township"), required=False, max_length=40)
    dialect = forms.CharField(label=_("Dialect"), required=False, max_length=40)
    contact_note = forms.CharField(
        label=_("Note on reaching them"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What speaks against texts or calls: danger at home, custody, a shared telephone."),
    )

    def cells(self) -> dict[str, str]:
        """As a row of a file would hold them."""
        given = self.cleaned_data | {"sms_consent": "yes" if self.cleaned_data["sms_consent"] else "no"}
        return {name: "" if value is None else str(value) for name, value in given.items()}


class TakeOffForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=200)


class RevealForm(forms.Form):
    reason = forms.CharField(max_length=200, label=_("Why do you need the number?"))


def _box(label: Any, **given: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **given)


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class PlanForm(forms.Form):
    """A contact plan as staff agree it with the person. A known guardian's number is never shown in a field."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.ChoiceField(
        label=_("Text messages"), choices=[(value or "none", label) for value, label in ContactReason.choices]
    )
    phone_allowed = _box(_("May be telephoned"))
    visit_allowed = _box(_("May be visited"))
    letter_allowed = _box(_("May be sent letters and paper forms"))
    needs_safety_check = _box(_("Ask first whether the person is alone"))
    safe_from = _time(_("Safe from"))
    safe_until = _time(_("Safe until"))
    language = forms.ChoiceField(label=_("Language"), choices=SpokenLanguage.choices)
    code_word = forms.CharField(
        label=_("Code word"), required=False, max_length=40, help_text=_("Agreed with the person: without it, no talk.")
    )
    township = forms.CharField(label=_("Township"), required=False, max_length=40)
    dialect = forms.CharField(label=_("Dialect"), required=False, max_length=40)
    guardian_only = _box(_("Speak with the guardian alone"))
    guardian_name = forms.CharField(label=_("Guardian's name"), required=False, max_length=100)
    guardian_phone = forms.CharField(
        label=_("Guardian's telephone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    guardian_relation = forms.ChoiceField(
        label=_("Who the guardian is to the client"),
        required=False,
        choices=[(value, label) for value, label in Relation.choices],
    )
    guardian_cleared = _box(_("I have made sure: the guardian is not the opponent and does not live with them"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500})
    )
    confirmed = _box(_("I have just confirmed all this with the person"))
    expires_on = DayField(
        label=_("Holds until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    why = forms.CharField(label=_("Why more is allowed than before"), required=False, max_length=200)

    def __init__(self, *args: Any, client: Client, plan: ContactPlan, today: date, **kwargs: Any) -> None:
        self._before = plan.terms
        kwargs.setdefault("initial", self._initial(client, plan, today))
        super().__init__(*args, **kwargs)
        known = phones.mask(self._before.guardian_phone)
        if known:
            self.fields["guardian_phone"].help_text = _("%(number)s is known. Leave empty to keep it.") % {
                "number": known
            }

    def _initial(self, client: Client, plan: ContactPlan, today: date) -> dict[str, Any]:
        terms = self._before
        days = client.centre.settings.contact_plan_days
        shown = {name: getattr(terms, name) for name in self.base_fields if hasattr(terms, name)}
        return shown | {
            "reason": terms.reason or "none",
            "guardian_phone": "",
            "revision": plan.revision,
            "township": client.township,
            "dialect": client.dialect,
            "expires_on": today + timedelta(days=days),
        }

    def clean_reason(self) -> ContactReason:
        given = self.cleaned_data["reason"]
        return ContactReason.NONE if given == "none" else ContactReason(given)

    def clean_guardian_phone(self) -> str:
        given = self.cleaned_data["guardian_phone"]
        if not given:
            return self._before.guardian_phone
        try:
            return phones.parse(given)
        except phones.NotATelephoneNumber:
            raise forms.ValidationError(_("This is not a telephone number.")) from None

    def terms(self) -> Terms:
        """What was given. A guardian who is no relation any more is forgotten, with the number."""
        given = self.cleaned_data
        names = [name for name in Terms.__dataclass_fields__ if name in given]
        terms = Terms(
            **{name: given[name] for name in names} | {"guardian_relation": Relation(given["guardian_relation"])}
        )
        if terms.guardian_relation == Relation.NONE and not terms.guardian_name:
            return replace(terms, guardian_phone="", guardian_cleared=False)
        return terms
