"""Who may call our webhooks: Twilio's request signature, checked without Twilio's library.

The rule (twilio.com/docs/usage/security): the full URL as it was called, then for a form each name, sorted, with each
of its distinct values, sorted, nothing between; HMAC with the account's token, base64. SHA-1 with the Auth Token, or
SHA-256 with a shared key that the header names. A JSON body is covered by its hash in the URL. The official validator
was seen to raise on a missing header, on a bare JSON body and on a strange port; here every doubt is a refusal.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

SETTINGS_SHA256 = "HMAC_SHA256"
DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Keys:
    """`tokens`: the Auth Token, and during rotation the one before. `shared`: key id to secret, for SHA-256."""

    tokens: tuple[str, ...]
    shared: Mapping[str, str]

    def __repr__(self) -> str:
        return "Keys(…)"


@dataclass(frozen=True, slots=True)
class Signed:
    """What came: `url` is built from our own public address, never from the request's host.

    `form` is None for a JSON body, whose raw bytes are then `body`.
    """

    url: str
    signature: str
    settings: str = ""
    form: Mapping[str, Sequence[str]] | None = None
    body: bytes = b""


def is_genuine(request: Signed, keys: Keys) -> bool:
    """Whether the provider made this very request. Never raises."""
    try:
        given = base64.b64decode(request.signature.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return False
    if not given or (request.form is None and not _body_hash_fits(request)):
        return False
    chosen = _algorithm(request.settings, keys)
    if chosen is None:
        return False
    algorithm, secrets = chosen
    fields = _fields(request.form or {})
    candidates = (
        hmac.new(secret.encode(), (url + fields).encode("utf-8", "surrogatepass"), algorithm).digest()
        for secret in secrets
        for url in _url_forms(request.url)
    )
    return any(hmac.compare_digest(given, candidate) for candidate in candidates)


def sign(*, url: str, form: Mapping[str, Sequence[str]], token: str) -> str:
    """The SHA-1 signature of a form: what our fake provider sends."""
    return base64.b64encode(hmac.new(token.encode(), (url + _fields(form)).encode(), hashlib.sha1).digest()).decode()


def _fields(form: Mapping[str, Sequence[str]]) -> str:
    return "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))


def _algorithm(header: str, keys: Keys) -> tuple[Any, tuple[str, ...]] | None:
    """The header chooses the algorithm; of keys it may only name one that we hold."""
    if not header:
        return hashlib.sha1, tuple(token for token in keys.tokens if token)
    said = dict(part.strip().split("=", 1) for part in header.split(",") if "=" in part)
    secret = keys.shared.get(said.get("key", ""))
    if said.get("algorithm") != SETTINGS_SHA256 or not secret:
        return None
    return hashlib.sha256, (secret,)


def _url_forms(url: str) -> tuple[str, ...]:
    """With and without the scheme's own port: providers differ in which they sign."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ()
    default = DEFAULT_PORTS.get(parts.scheme)
    if default is None:
        return (url,)
    if port is None:
        return (url, url.replace(parts.netloc, f"{parts.netloc}:{default}", 1))
    if port == default:
        return (url, url.replace(parts.netloc, parts.netloc.rsplit(":", 1)[0], 1))
    return (url, url.replace(parts.netloc, parts.netloc.rsplit(":", 1)[0], 1))


def _body_hash_fits(request: Signed) -> bool:
    """The signature of a JSON body covers the address alone, so the body's hash must stand in it, once."""
    try:
        hashes = parse_qs(urlsplit(request.url).query).get("bodySHA256", [])
    except ValueError:
        return False
    said = hashes[0] if len(hashes) == 1 else ""
    return hmac.compare_digest(
        said.lower().encode("utf-8", "replace"), hashlib.sha256(request.body).hexdigest().encode()
    )
