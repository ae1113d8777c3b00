"""What a process keeps between requests, put out of mind between tests."""

from django.core.cache import cache
from django.utils import translation

from scoring.queries.schemes import _rules
from surveys.queries.sheets import published_sheet


def forget() -> None:
    """A published questionnaire or scheme never changes, but the next test has others under the same keys; nor is it
    the one who asked too often, nor does it speak the language of the last page.
    """
    translation.deactivate()
    published_sheet.cache_clear()
    _rules.cache_clear()
    cache.clear()
