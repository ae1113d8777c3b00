"""The number of a notice (发文字号) and the breaks of its title, as people type them."""

import re
import unicodedata
from collections.abc import Collection

from django.utils.translation import gettext as _

from qa_service.common.errors import InvalidInput

LINE = 20  # characters of 二号 across the block (GB/T 9704)
MOST_LINES = 5
_FORM = re.compile(r"(?P<mark>[^\W\d_]{1,20})〔(?P<year>\d{4})〕(?P<number>[1-9]\d{0,5})号")
# What a keyboard offers for the brackets of a number.
_BRACKETS = str.maketrans(dict.fromkeys("[【(", "〔") | dict.fromkeys("]】)", "〕"))


def series_label(mark: str, year: int, number: int) -> str:
    return f"{mark}〔{year}〕{number}号"


def own_number(typed: str, *, year: int, series: Collection[str]) -> str:
    """A number that the bureau's office gave, as it is printed: 临司发〔2026〕17号. Any brackets are read as 〔〕.

    :param series: the marks (代字) of the centre's own series, which count by themselves.
    :raises InvalidInput: not of this form, of another year, or of such a series.
    """
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).translate(_BRACKETS)
    found = _FORM.fullmatch(plain)
    if found is None:
        raise InvalidInput(
            _("Write the number as 临司发〔%(year)s〕17号: the mark, the year, the number without zeros, 号.")
            % {"year": year},
            field="own_number",
        )
    if int(found["year"]) != year:
        raise InvalidInput(
            _("The number is of %(typed)s. A paper issued today bears one of %(year)s.")
            % {"typed": found["year"], "year": year},
            field="own_number",
        )
    if found["mark"] in series:
        raise InvalidInput(
            _("Numbers beginning with %(mark)s are given by this service itself. Leave the field empty for the next.")
            % {"mark": found["mark"]},
            field="own_number",
        )
    return plain


def broken_title(typed: str, *, standard: Collection[str]) -> tuple[str, ...]:
    """The lines of a title as somebody broke them by sense; the standard ones where nothing was typed.

    :raises InvalidInput: other words than the title's, more lines than stand well, or one that is too long for its row.
    """
    lines = tuple(line for line in ("".join(each.split()) for each in typed.splitlines()) if line)
    if not lines:
        return tuple(standard)
    words = "".join("".join(standard).split())
    if "".join(lines) != words:
        raise InvalidInput(
            _("Only the breaks between lines can be moved. The words stay: %(words)s") % {"words": words}, field="title"
        )
    if len(lines) > MOST_LINES:
        raise InvalidInput(_("A title has at most %(most)s lines.") % {"most": MOST_LINES}, field="title")
    long = next((line for line in lines if len(line) > LINE), "")
    if long:
        raise InvalidInput(
            _("At most %(most)s characters stand in a line. Too long: %(line)s") % {"most": LINE, "line": long},
            field="title",
        )
    return lines
