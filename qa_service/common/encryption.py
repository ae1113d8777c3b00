"""Personal data at rest: encrypted to be read, keyed hash to be looked up. Two keys, neither of them SECRET_KEY."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt with the first of ENCRYPTION_KEYS; the others still read (rotation)."""
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()).decode() if token else ""


def blind_index(text: str) -> str:
    """HMAC-SHA256 of the text, 64 hex digits: equal texts are found without being read. Empty stays empty."""
    return hmac.new(settings.INDEX_KEY.encode(), text.encode(), hashlib.sha256).hexdigest() if text else ""


def derived_key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: always the same, and telling nothing of INDEX_KEY or of another purpose's."""
    return hmac.digest(settings.INDEX_KEY.encode(), b"key:" + purpose.encode(), "sha256")


class Unreadable(str):
    """In place of what cannot be read, where somebody only looks: says so and what to do. It can never be saved."""

    __slots__ = ()


_told: ContextVar[Counter[str] | None] = ContextVar("unreadable_told", default=None)


@contextmanager
def unreadable_told() -> Iterator[Counter[str]]:
    """Within it, what cannot be read reads `Unreadable`, and the others of a list are shown; how often, by column.

    For looking alone: whatever acts must fail at such a row, and does.
    """
    found: Counter[str] = Counter()
    token = _told.set(found)
    try:
        yield found
    finally:
        _told.reset(token)


if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    Lookup = models.Lookup[Any]
else:
    TextField = models.TextField
    Lookup = models.Lookup


class EncryptedTextField(TextField):
    """Text that the database never sees. It cannot be searched: keep a `blind_index` beside it."""

    def get_prep_value(self, value: Any) -> Any:
        """:raises InvalidToken: the words that stand for what cannot be read would take its place."""
        if isinstance(value, Unreadable):
            raise InvalidToken
        return value if value is None else encrypt(str(value))

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """:raises InvalidToken: damaged, or written with another key; see `unreadable_told`."""
        try:
            return value if value is None else decrypt(value)
        except InvalidToken:
            found = _told.get()
            if found is None:
                raise
            found[f"{self.model._meta.db_table}.{self.column}"] += 1
            return Unreadable(_("cannot be read: tell whoever runs the service"))

    def get_lookup(self, lookup_name: str) -> Any:
        """Only null and empty can be asked for: comparing ciphertexts would silently find nothing."""
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "isempty"} else None


@EncryptedTextField.register_lookup
class IsEmpty(Lookup):
    """`note__isempty=False`: something is written there, whatever it says. Empty stays empty, encrypted or not."""

    lookup_name = "isempty"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, given = self.process_lhs(compiler, connection)
        return f"{column} {'=' if self.rhs else '<>'} ''", given
