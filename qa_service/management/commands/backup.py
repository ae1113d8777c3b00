"""`manage.py backup FOLDER`: a consistent copy of an embedded installation while it runs."""

import shutil
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.common.commands import OperatorCommand


class Command(OperatorCommand):
    help = gettext_lazy("Copy the SQLite database, the stored files and the keys into a new folder inside FOLDER.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(_("This copies SQLite alone; back PostgreSQL up with pg_dump (docs/operation.md)."))
        target = folder / f"backup-{timezone.localtime():%Y%m%d-%H%M%S}"
        try:
            target.mkdir(mode=0o700, parents=True)
        except OSError as error:
            text = _("%(folder)s cannot be made (%(why)s).")
            raise CommandError(text % {"folder": target, "why": error.strerror}) from error
        copy_database(source=Path(str(settings.DATABASES["default"]["NAME"])), target=target / "service.sqlite3")
        copy_files(source=Path(settings.MEDIA_ROOT), target=target / "files")
        keys = Path(settings.DATA_DIR) / "keys.json"
        if keys.exists():
            shutil.copy2(keys, target / keys.name)
        told = _("%(folder)s: database, files and keys. Keep the keys apart from the rest.")
        self.stdout.write(told % {"folder": target})


def copy_database(*, source: Path, target: Path) -> None:
    """Use SQLite's own online copy: the live file and its log change while a plain copy reads them."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def copy_files(*, source: Path, target: Path) -> None:
    """Copied after the database: files are never changed, so every row finds its file."""
    if source.exists():
        shutil.copytree(source, target)
    else:
        target.mkdir()
