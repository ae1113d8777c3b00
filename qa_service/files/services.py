"""Keeping bytes: written aside, synced, renamed, so that no half file is ever found."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.common.errors import NotFound, TooLarge
from qa_service.files.models import StoredFile

CHUNK = 64 * 1024


def _path(stored: StoredFile) -> Path:
    """A row's own file: what one row forgets, another that holds the same bytes keeps, whatever happens at once."""
    return _shared_path(stored.sha256).with_name(f"{stored.sha256}.{stored.public_id.hex}")


def _shared_path(sha256: str) -> Path:
    """Where rows of the first releases find their bytes, several rows one file. Nothing is written here any more."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def _chunks(data: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    while chunk := data.read(CHUNK):
        yield chunk


def store(*, data: bytes | IO[bytes], name: str, content_type: str, limit: int, now: datetime) -> StoredFile:
    """Keep bytes under their hash; `limit` is in bytes.

    :raises TooLarge: more than `limit` bytes came; nothing is kept.
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, temporary = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            for chunk in _chunks(data):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": limit // 2**20}, field="file")
                digest.update(chunk)
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
        stored = StoredFile(
            sha256=digest.hexdigest(), size=size, content_type=content_type, name=name[:200], stored_at=now
        )
        target = _path(stored)
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    stored.save()
    return stored


def open_file(stored: StoredFile) -> BinaryIO:
    """:raises NotFound: the bytes are gone from the disk (restore them from the backup)."""
    for path in (_path(stored), _shared_path(stored.sha256)):
        try:
            return path.open("rb")
        except FileNotFoundError:
            continue
    raise NotFound(_("The stored file is missing. Restore it from the backup."), code="file_missing")


def discard(stored: StoredFile) -> None:
    """Forget a file its owner no longer needs. The bytes go when that commits."""
    own, shared, sha256 = _path(stored), _shared_path(stored.sha256), stored.sha256
    stored.delete()

    def remove() -> None:
        own.unlink(missing_ok=True)
        if not StoredFile.objects.filter(sha256=sha256).exists():
            shared.unlink(missing_ok=True)

    transaction.on_commit(remove)
