"""Keys of an embedded installation: made once, kept in a file only its owner can read."""

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def kept_keys(path: Path) -> dict[str, str]:
    """Read the keys, making them first if there are none. Losing this file loses every telephone number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ENCRYPTION_KEY": Fernet.generate_key().decode(),
            "INDEX_KEY": secrets.token_urlsafe(32),
        }
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(fresh, handle)
        try:
            os.link(temporary, path)  # never overwrites: of two first starts, one wins and both read its keys
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    keys: dict[str, str] = json.loads(path.read_text())
    return keys
