import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from qa_service.management.commands import backup
from tests.kept_schema import lend

ROOT = Path(__file__).parents[2]


def test_the_copy_of_a_database_in_use_holds_what_was_committed(tmp_path):
    live = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(live)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (n INTEGER)")
        db.execute("INSERT INTO t VALUES (1)")
        db.commit()
        db.execute("INSERT INTO t VALUES (2)")  # not committed

        backup.copy_database(source=live, target=tmp_path / "copy.sqlite3")

    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT n FROM t").fetchall() == [(1,)]


@pytest.mark.django_db
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, settings):
    (tmp_path / "file").write_text("")
    from django.db import connection

    if connection.vendor != "sqlite":
        with pytest.raises(CommandError, match="pg_dump"):
            call_command("backup", str(tmp_path))
        return
    with pytest.raises(CommandError, match="cannot be made"):
        call_command("backup", str(tmp_path / "file"))


PHASE = """
import django, sys; django.setup()
from io import BytesIO
from datetime import datetime, UTC
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from qa_service.cases.models import Client
from qa_service.common.encryption import blind_index
from qa_service.files.models import StoredFile
from qa_service.files.services import open_file, store
from qa_service.organisations.models import Organisation
"""
LIVE = """
call_command("migrate", verbosity=0)
centre = Organisation(kind="centre", code="lj", name="临江县法律援助中心"); Organisation.add_root(instance=centre)
Client.objects.create(centre=centre, name="张三", name_index=blind_index("张三"), phone="+8617012345678")
store(data=b"%PDF-", name="a.pdf", content_type="application/pdf", limit=99, now=datetime.now(UTC))
call_command("backup", sys.argv[1])
Client.objects.all().delete()
"""
RESTORED = """
client = Client.objects.get(phone__isnull=False)
print(client.centre.code, client.name, client.phone, open_file(StoredFile.objects.get()).read())
call_command("migrate", "--check", verbosity=0)
"""


def test_a_backup_put_back_is_the_service_again(tmp_path):
    """The whole way: a running installation, its copy, and an empty folder that the copy is put into."""

    def run(phase, folder, *arguments):
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PYTHONIOENCODING": "utf-8"}
        environment["DJANGO_SETTINGS_MODULE"] = "qa_service.settings.embedded"
        ran = subprocess.run(
            [sys.executable, "-c", PHASE + phase, *arguments],
            cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-2000:]
        return ran.stdout

    lend(tmp_path / "live" / "service.sqlite3")
    said = run(LIVE, tmp_path / "live", str(tmp_path / "backups"))
    (copy,) = (tmp_path / "backups").iterdir()
    shutil.copytree(copy, tmp_path / "new")

    assert str(copy) in said
    assert oct(copy.stat().st_mode)[-3:] == "700"
    assert run(RESTORED, tmp_path / "new").split() == ["lj", "张三", "+8617012345678", "b'%PDF-'"]
