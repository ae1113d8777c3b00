"""Of which closed cases figures speak, as programs ask for them."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from qa_service.cases.enums import CaseType
from qa_service.cases.forms.closed_cases import ClosedCasesForm

CENTRE = OpenApiParameter("centre", OpenApiTypes.STR, description="Code of a centre; all within reach by default")
CASE_TYPE = OpenApiParameter("case_type", OpenApiTypes.STR, enum=CaseType.values, description="All types by default")
CHOICE = [
    CENTRE,
    OpenApiParameter("period", OpenApiTypes.STR, description="Of closing: 2026 or 2026-Q3; at any time by default"),
    CASE_TYPE,
]


def require_known(request: Request, form: ClosedCasesForm, *, beside: tuple[str, ...] = ()) -> None:
    """Every parameter is the form's, or an endpoint's own (`beside`), and makes sense.

    :raises ValidationError: `errors` names the parameter that is unknown, out of reach or no value of its kind.
    """
    unknown = sorted(set(request.query_params) - set(form.fields) - set(beside) - {"format"})
    if unknown:
        raise ValidationError({name: [_("This parameter is not known.")] for name in unknown})
    if not form.is_valid():
        raise ValidationError({name: [str(error) for error in errors] for name, errors in form.errors.items()})
