"""Counting by windows in the shared cache: the one brake behind every public door."""

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's address; behind TRUSTED_PROXIES the one that they report, as for signing in."""
    return get_client_ip_address(request) or ""


def count(key: str, *, seconds: int) -> int:
    """One more of `key` in its window, which begins with the first; returns how many there are now."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, seconds)
        return 1
