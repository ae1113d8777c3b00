"""Counting by windows in the shared cache, and whom to count: the one brake behind every public door."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

# What a household or a hired machine has of its own: whoever owns one address of it owns them all.
NETWORK_BITS = 64


def address_of(request: HttpRequest) -> str:
    """The visitor's address; behind TRUSTED_PROXIES the one that the outermost of them saw.

    Each proxy adds at the end, so what the visitor wrote himself stands before that and is never looked at.
    """
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    hops = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), nearest]
    proxies = min(settings.TRUSTED_PROXIES, len(hops) - 1)
    return _plain(hops[-1 - proxies]) or _plain(nearest)


def source_of(request: HttpRequest) -> str:
    """Whom to count as one: an IPv4 address, or the network of an IPv6 address."""
    address = address_of(request)
    if ":" not in address:
        return address
    rest = 128 - NETWORK_BITS
    return str(IPv6Address(int(IPv6Address(address)) >> rest << rest))


def _plain(written: str) -> str:
    """One spelling an address; empty for what is none."""
    try:
        address = ip_address(written.strip().partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def count(key: str, *, seconds: int) -> int:
    """One more of `key` in its window, which begins with the first; returns how many there are now."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, seconds)
        return 1


def counted(key: str) -> int:
    """How many there are of `key` in its window."""
    return int(cache.get(key, 0))
