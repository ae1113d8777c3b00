"""A brake on guessing short codes. Only misses are counted, so that honest visitors never cost a row.

Links have 71 bits and need none. Many telephones, whole carriers even, share one address: whatever was tried from
there, a link that is known opens.
"""

import hashlib
from typing import Final, Literal

from django.core.cache import cache
from django.http import HttpRequest

from qa_service.common.throttle import count, source_of
from qa_service.common.tokens import CLEAR, SHORT_CODE_LENGTH

Room = Literal["form", "organ"]

WINDOW_SECONDS: Final = 600
# Many phones share one address of a carrier, so the limit of an address is generous.
MISSES_AN_ADDRESS: Final = 60
# Short codes have 40 bits: with 10,000 of them open, this many guesses find one in about two years.
MISSES_IN_ALL: Final = 600
_SIGNS: Final = frozenset(CLEAR)


def too_many_misses(request: HttpRequest, key: str, *, room: Room) -> bool:
    """Whether so many wrong codes of this kind were tried, from this address or by everybody, that `key` has to wait.

    Clients' codes and organs' are counted apart: whoever guesses at the one keeps nobody from the other.
    """
    if not _is_code(key):
        return False
    own = cache.get(_address_key(request, room), 0) >= MISSES_AN_ADDRESS
    return bool(own or cache.get(all_key(room), 0) >= MISSES_IN_ALL)


def count_miss(request: HttpRequest, key: str, *, room: Room) -> None:
    """One miss of this address and of everybody, where it was a guess at a code: dead links lock nobody out."""
    if _is_code(key):
        count(_address_key(request, room), seconds=WINDOW_SECONDS)
        count(all_key(room), seconds=WINDOW_SECONDS)


def all_key(room: Room) -> str:
    """Where the misses of everybody are counted."""
    return f"{room}-miss:all"


def _address_key(request: HttpRequest, room: Room) -> str:
    return f"{room}-miss:{hashlib.sha256(source_of(request).encode()).hexdigest()[:32]}"


def _is_code(key: str) -> bool:
    return len(key) == SHORT_CODE_LENGTH and set(key.upper()) <= _SIGNS
