"""A brake on guessing. Only misses are counted, so that honest visitors never cost a row."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from qa_service.common.throttle import count, source_of
from qa_service.common.tokens import CLEAR, SHORT_CODE_LENGTH

WINDOW_SECONDS = 600
# Many phones share one address of a carrier, so the limit of an address is generous.
MISSES_AN_ADDRESS = 60
# Short codes have 40 bits: with 10,000 of them open, this many guesses find one in about two years.
MISSES_IN_ALL = 600
_SIGNS = frozenset(CLEAR)


def _address_key(request: HttpRequest) -> str:
    return f"form-miss:{hashlib.sha256(source_of(request).encode()).hexdigest()[:32]}"


ALL_KEY = "form-miss:all"


def too_many_misses(request: HttpRequest) -> bool:
    """Whether this address has tried too many addresses or codes that do not exist."""
    return bool(cache.get(_address_key(request), 0) >= MISSES_AN_ADDRESS)


def too_many_codes() -> bool:
    """Whether everybody together has typed too many wrong codes; links, with 71 bits, need no such limit."""
    return bool(cache.get(ALL_KEY, 0) >= MISSES_IN_ALL)


def count_miss(request: HttpRequest, key: str = "") -> None:
    """One miss of this address; of everybody only where it was a guess at a code, so dead links lock nobody out."""
    count(_address_key(request), seconds=WINDOW_SECONDS)
    if len(key) == SHORT_CODE_LENGTH and set(key.upper()) <= _SIGNS:
        count(ALL_KEY, seconds=WINDOW_SECONDS)
