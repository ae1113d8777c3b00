"""JSON as the API takes it: what cannot be stored or even walked through is refused as malformed."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StorableJSONParser(JSONParser):
    """Refuses nesting without end, and halves of characters, which no database takes and no answer could repeat."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """:raises ParseError: not JSON, nested too deeply, or with a lone surrogate in a text."""
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except UnicodeEncodeError:
            raise ParseError(_("A text in the JSON holds half of a character (a lone surrogate).")) from None
        return data
