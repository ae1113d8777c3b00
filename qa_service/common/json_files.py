"""A JSON file that somebody uploads: read, or refused with the place where it breaks off."""

import json
from typing import Any

from django.utils.translation import gettext as _

LONGEST_FILE = 512 * 1024


class FileUnreadable(Exception):  # noqa: N818 - named for the fact
    """No JSON at all; `line` and `column` where it breaks off, 0 where it cannot be told.

    `too_deep`: nested deeper than can be read.
    """

    def __init__(self, *, line: int = 0, column: int = 0, too_large: bool = False, too_deep: bool = False) -> None:
        super().__init__("unreadable")
        self.line, self.column, self.too_large, self.too_deep = line, column, too_large, too_deep


def document_in(content: bytes) -> Any:
    """:raises FileUnreadable: too large, not UTF-8, no JSON, or nested beyond reason."""
    if len(content) > LONGEST_FILE:
        raise FileUnreadable(too_large=True)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as wrong:
        raise FileUnreadable(line=wrong.lineno, column=wrong.colno) from None
    except RecursionError:
        raise FileUnreadable(too_deep=True) from None
    except (UnicodeDecodeError, ValueError):  # ValueError: a number of too many digits
        raise FileUnreadable from None


def unreadable_told(error: FileUnreadable) -> str:
    if error.too_large:
        return _("The file is larger than %(limit)s KB.") % {"limit": LONGEST_FILE // 1024}
    if error.too_deep:
        return _("This is nested far too deeply: it is no file that an export of this service gives.")
    if error.line:
        place = {"line": error.line, "column": error.column}
        return _("This is not valid JSON: it breaks off at line %(line)s, column %(column)s.") % place
    return _("This is no JSON in UTF-8.")
