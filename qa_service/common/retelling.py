"""What the library of the API says in the words of Python, said again for whoever reads it."""

import re
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import exceptions, serializers

# Kinds of values as Python names them; none of them means anything to a person.
KINDS = ("str", "int", "float", "bool", "NoneType", "list", "dict", "QueryDict")
ROOT, NOTHING_SENT = "non_field_errors", "No data provided"
OBJECT = gettext_noop("An object is expected here: names with their values, in braces.")
LIST = gettext_noop("A list is expected here, in square brackets.")
VALUE = gettext_noop("A single value is expected here.")
CHOICE = gettext_noop("This is not one of the values that may stand here.")
SLUG = gettext_noop("Use only the letters A to Z, digits, hyphens and underscores, without spaces.")
# Said by the library in English to everybody.
UNTRANSLATED = (
    gettext_noop("A valid biginteger is required."),
    gettext_noop("Integer value too large to convert to float"),
)
# Each with what stands in the place of the kind, and what we say instead.
OF_A_KIND = (
    (serializers.Serializer.default_error_messages["invalid"], "datatype", OBJECT),
    (serializers.DictField.default_error_messages["not_a_dict"], "input_type", OBJECT),
    (serializers.ListField.default_error_messages["not_a_list"], "input_type", LIST),
    (serializers.ListSerializer.default_error_messages["not_a_list"], "input_type", LIST),
    (serializers.MultipleChoiceField.default_error_messages["not_a_list"], "input_type", LIST),
    (serializers.ManyRelatedField.default_error_messages["not_a_list"], "input_type", LIST),
    (serializers.PrimaryKeyRelatedField.default_error_messages["incorrect_type"], "data_type", VALUE),
)
# A choice that is a list or an object is quoted as Python writes it.
QUOTED = re.compile(r"^[\"“][\[{]")


def body_in_words(exc: exceptions.APIException) -> Any:
    """Why what was sent cannot be read at all, or who sent it is not believed; else as the library says it."""
    broken = exc.__context__
    if isinstance(exc, exceptions.ParseError):
        if isinstance(broken, JSONDecodeError):
            text = _("The body is not JSON that can be read: see line %(line)d, column %(column)d.")
            return text % {"line": broken.lineno, "column": broken.colno}
        if isinstance(broken, UnicodeDecodeError):
            text = _("The body is not text that can be read: see byte %(place)d. Send it in UTF-8.")
            return text % {"place": broken.start + 1}
        if str(exc.detail).startswith("Multipart form parse error"):
            return _("The parts of the form cannot be told apart. Send it as the Content-Type says.")
    if isinstance(exc, exceptions.PermissionDenied) and str(exc.detail).startswith("CSRF Failed"):
        return _("The page has lost the connection to your session. Open it again; programs send their own token.")
    return exc.detail


def fields_in_words(errors: Any) -> Any:
    """Errors by field, each sentence as a person would say it, in the language in force."""
    if isinstance(errors, dict) and errors.get(ROOT) == [NOTHING_SENT]:
        return {ROOT: [_("No data was sent. Send a JSON object.")]}
    return _retold(errors, dict(_kinds_told()))


def _retold(errors: Any, instead: dict[str, str]) -> Any:
    if isinstance(errors, dict):
        return {name: _retold(inner, instead) for name, inner in errors.items()}
    if isinstance(errors, list | tuple):
        return [_retold(inner, instead) for inner in errors]
    if getattr(errors, "code", "") == "invalid_choice" and QUOTED.match(str(errors)):
        return _(CHOICE)
    return instead.get(str(errors), errors)


def _kinds_told() -> Iterator[tuple[str, str]]:
    """Each sentence of the library about a kind of value, in the language in force, and ours."""
    yield str(serializers.SlugField.default_error_messages["invalid"]), _(SLUG)
    for template, place, ours in OF_A_KIND:
        for kind in KINDS:
            yield str(template).format(**{place: kind}), _(ours)
