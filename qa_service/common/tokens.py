"""Secrets people carry: a link's 12 base62 characters (71 bits), a short code's 8 without look-alikes (40 bits)."""

import hashlib
import hmac
import secrets
import string

from django.conf import settings

BASE62 = string.digits + string.ascii_letters
# 32 signs, none of which is read for another: no 0 O 1 I.
CLEAR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LINK_LENGTH = 12
SHORT_CODE_LENGTH = 8
VERIFY_CODE_LENGTH = 10


def _drawn(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def new_link_token() -> str:
    return _drawn(BASE62, LINK_LENGTH)


def link_token_of(label: str) -> str:
    """The token of a named thing's link: always the same, so that a reminder repeats it and nothing need be kept."""
    mac = hmac.new(settings.INDEX_KEY.encode(), b"link token:" + label.encode(), hashlib.sha256).digest()
    rest, signs = int.from_bytes(mac, "big"), []
    for _position in range(LINK_LENGTH):
        rest, place = divmod(rest, len(BASE62))
        signs.append(BASE62[place])
    return "".join(signs)


def short_code_of(label: str) -> str:
    """The short code of a named thing: always the same, so that a sheet printed again bears the code of the first.

    Nothing but its digest is stored of it either; without the key it can be neither guessed nor computed.
    """
    mac = hmac.new(settings.INDEX_KEY.encode(), b"short code:" + label.encode(), hashlib.sha256).digest()
    return "".join(CLEAR[byte % len(CLEAR)] for byte in mac[:SHORT_CODE_LENGTH])


def lot_of(label: str) -> str:
    """The lot of a named thing: always the same, and without the key foreseen by nobody."""
    return hmac.new(settings.INDEX_KEY.encode(), b"lot:" + label.encode(), hashlib.sha256).hexdigest()


def new_verify_code() -> str:
    return _drawn(CLEAR, VERIFY_CODE_LENGTH)


def digest(token: str) -> str:
    """What is stored of a token: keyed, so that a stolen table cannot be searched by guessing."""
    return hmac.new(settings.INDEX_KEY.encode(), b"token:" + token.encode(), hashlib.sha256).hexdigest()
