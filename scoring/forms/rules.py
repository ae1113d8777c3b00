"""One rule as a form: on or off, its figures, its basis and who may impose it."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoring.enums import Grade, RuleCode
from scoring.queries.rules import RuleShown
from scoring.rule_terms import TERMS, Codes, Count, Factor, Term, default_terms

TERM_LABELS = {
    "core_items": _("Core items of the checklists, by code"),
    "fails": _("Failed cases of a lawyer"),
    "complaints": _("Upheld complaints about a lawyer"),
    "cases": _("Graded cases, at least"),
    "lower_bound": _("Lower end of the interval of the standing, at least"),
    "in_time": _("Files in time, per cent at least"),
    "priority_months": _("Months first in complex assignments"),
    "ratings_late": _("Bad ratings not answered in time, per cent at most"),
    "assigned_in_time": _("Cases assigned in time, per cent at least"),
    "assign_days": _("Working days to assign a case"),
    "months": pgettext_lazy("rule", "Within so many months"),
    "reduced_months": _("Months with fewer assignments"),
    "vetoes": _("Veto items, by code"),
    "excellent": Grade.EXCELLENT.label,
    "good": Grade.GOOD.label,
    "pass": Grade.PASS.label,
    "fail": Grade.FAIL.label,
}


class CodesField(forms.CharField):
    """Codes with blanks or commas between them, as a list."""

    def clean(self, value: Any) -> list[str]:
        said = str(super().clean(value))
        for sign in "，、,;；":
            said = said.replace(sign, " ")
        return said.upper().split()


class RuleForm(forms.Form):
    enabled = forms.BooleanField(label=_("This rule proposes"), required=False)
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        required=False,
        help_text=_("Without one the rule stays off. It is printed on what is decided by it."),
    )
    authority = forms.CharField(
        label=_("Competent authority"),
        max_length=100,
        required=False,
        help_text=_("Who may impose what the rule proposes. Without one it stays off."),
    )

    def __init__(self, data: QueryDict | None = None, *, rule: RuleShown) -> None:
        newest, terms = rule.newest, default_terms(rule.code) | rule.terms
        begun = {
            "enabled": rule.enabled,
            "legal_basis": newest.legal_basis if newest else "",
            "authority": newest.authority if newest else "",
        }
        shown = {name: " ".join(value) if isinstance(value, list) else value for name, value in terms.items()}
        super().__init__(data, initial=begun | shown)
        self.code = rule.code
        for term in TERMS[rule.code]:
            self.fields[term.name] = _field(term)

    @property
    def terms(self) -> dict[str, Any]:
        return {term.name: self.cleaned_data[term.name] for term in TERMS[self.code]}


def _field(term: Term) -> forms.Field:
    label = TERM_LABELS[term.name]
    match term:
        case Count():
            return forms.IntegerField(label=label, min_value=term.low, max_value=term.high)
        case Factor():
            return forms.DecimalField(label=label, min_value=term.low, max_value=term.high, decimal_places=2)
        case Codes():
            return CodesField(label=label, max_length=200)


def terms_told(code: RuleCode, terms: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of a version with their names."""
    return [
        (str(TERM_LABELS[term.name]), "、".join(value) if isinstance(value, list) else str(value))
        for term in TERMS[code]
        if (value := terms.get(term.name)) is not None
    ]
