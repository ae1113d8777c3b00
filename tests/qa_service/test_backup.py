import sqlite3
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from qa_service.management.commands import backup


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
