"""Fields of forms that the pages share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, slug_re
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_service.common.days import refuse_implausible
from qa_service.common.errors import InvalidInput
from qa_service.common.retelling import SLUG


class DayField(forms.DateField):
    """A day that somebody types: one that nobody can have meant is refused at the field."""

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day is not None:
            try:
                refuse_implausible(day, today=timezone.localdate(), field="")
            except InvalidInput as refusal:
                raise ValidationError(str(refusal.message), code="implausible") from None
        return day


class ShortNameField(forms.SlugField):
    """A name by which addresses, commands and programs know a thing."""

    default_validators = [RegexValidator(slug_re, _(SLUG), "invalid")]
