"""Personal data at rest: encrypted to be read, keyed hash to be looked up. Two keys, neither of them SECRET_KEY."""

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


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


if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    Lookup = models.Lookup[Any]
else:
    TextField = models.TextField
    Lookup = models.Lookup


class EncryptedTextField(TextField):
    """Text that the database never sees. It cannot be searched: keep a `blind_index` beside it."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else encrypt(str(value))

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return value if value is None else decrypt(value)

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
