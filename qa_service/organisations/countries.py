"""The countries whose telephones a centre texts, by dialling code, each with limits of its own where it has any (pure).

Written as people write a list: `86, 852=50/1000, 853` texts mainland China and Macau up to the centre's own limits, and
Hong Kong up to 50 texts a day and 1,000 a month.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

_ENTRY = re.compile(r"\+?([0-9]{1,3})(?:=([0-9]{1,6})/([0-9]{1,7}))?")
_BETWEEN = re.compile(r"[,;、\s]+")


class NotCountries(ValueError):  # noqa: N818 - named for the fact
    """`entry`: the first that cannot be read, or that is no dialling code, or that stands there twice."""

    def __init__(self, entry: str) -> None:
        super().__init__(entry)
        self.entry = entry


@dataclass(frozen=True, slots=True)
class CountryLimit:
    """Texts a day and a month; None: the centre's own limits alone."""

    a_day: int | None = None
    a_month: int | None = None


@lru_cache(maxsize=256)
def read_countries(text: str) -> Mapping[int, CountryLimit]:
    """By dialling code. Full-width signs, a plus before a code and blanks around `=` and `/` are understood.

    :raises NotCountries: naming the first entry that is wrong.
    """
    plain = re.sub(r"\s*([=/])\s*", r"\1", unicodedata.normalize("NFKC", text))
    found: dict[int, CountryLimit] = {}
    for entry in filter(None, _BETWEEN.split(plain)):
        read = _ENTRY.fullmatch(entry)
        code = int(read[1]) if read else 0
        if read is None or code not in COUNTRY_CODE_TO_REGION_CODE or code in found:
            raise NotCountries(entry)
        found[code] = CountryLimit(int(read[2]), int(read[3])) if read[2] else CountryLimit()
    return found
