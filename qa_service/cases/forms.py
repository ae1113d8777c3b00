"""What staff may type: filters of the list, a file to import, a reason to see a number."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, ContactReason, Stage
from qa_service.cases.models import Case
from qa_service.cases.queries import centres_for_import
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
    filed = django_filters.BooleanFilter(
        field_name="filed_on", lookup_expr="isnull", exclude=True, label=_("File handed in")
    )
    contact = django_filters.ChoiceFilter(
        field_name="client__contact_plan__reason",
        choices=[choice for choice in ContactReason.choices if choice[0]],
        label=_("No text messages because"),
    )
    centre = django_filters.CharFilter(field_name="centre__code", label=_("Code of the centre"))

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()


class UploadForm(forms.Form):
    centre: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="code", label=_("Centre")
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


class RevealForm(forms.Form):
    reason = forms.CharField(max_length=200, label=_("Why do you need the number?"))
