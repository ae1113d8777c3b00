"""Bytes kept under their hash, read back, forgotten: never half, never somebody else's."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from qa_service.common.errors import NotFound, TooLarge
from qa_service.files.models import StoredFile
from qa_service.files.services import discard, open_file, store
from qa_service.files.views import guarded
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def kept(data=b"bytes", limit=100, name="a.pdf"):
    return store(data=data, name=name, content_type="application/pdf", limit=limit, now=NOW)


def read(stored):
    with open_file(stored) as handle:
        return handle.read()


def on_disk(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_what_was_stored_is_read_back_and_named_by_its_hash(settings):
    stored = kept()

    assert read(stored) == b"bytes"
    assert (stored.size, stored.sha256[:8]) == (5, "277089d9")
    assert [path.name.startswith(stored.sha256) for path in on_disk(settings)] == [True]


@pytest.mark.django_db
def test_a_file_of_exactly_its_limit_is_taken():
    assert kept(b"x" * 100, limit=100).size == 100


@pytest.mark.django_db
def test_a_file_over_its_limit_leaves_nothing(settings):
    with pytest.raises(TooLarge):
        kept(b"x" * 101)

    assert on_disk(settings) == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_what_is_forgotten_is_gone_and_its_twin_stays(settings, django_capture_on_commit_callbacks):
    one, twin = kept(), kept()

    with django_capture_on_commit_callbacks(execute=True):
        discard(one)

    assert read(twin) == b"bytes"
    with django_capture_on_commit_callbacks(execute=True):
        discard(twin)
    assert on_disk(settings) == []


@pytest.mark.django_db
def test_nothing_is_forgotten_before_it_is_certain():
    stored = kept()

    with transaction.atomic():
        discard(StoredFile.objects.get(pk=stored.pk))
        transaction.set_rollback(True)

    assert read(StoredFile.objects.get()) == b"bytes"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_stored_while_others_are_forgotten_are_kept():
    """The second row is not committed, hence not to be seen, when the first lets go of its bytes."""
    first = kept()
    stored, forgotten = threading.Event(), threading.Event()

    def store_again():
        with transaction.atomic():
            kept(name="again.pdf")
            stored.set()
            forgotten.wait(timeout=30)
        connection.close()

    other = threading.Thread(target=store_again)
    other.start()
    assert stored.wait(timeout=30)
    discard(first)
    forgotten.set()
    other.join()

    assert read(StoredFile.objects.get(name="again.pdf")) == b"bytes"


@pytest.mark.django_db
def test_files_of_the_first_release_are_found_and_go_with_their_last_row(settings, django_capture_on_commit_callbacks):
    one, twin = kept(), kept()
    shared = settings.MEDIA_ROOT / one.sha256[:2] / one.sha256[2:4] / one.sha256
    for path in on_disk(settings):
        path.rename(shared)

    assert read(one) == b"bytes"
    with django_capture_on_commit_callbacks(execute=True):
        discard(one)
    assert read(twin) == b"bytes"
    with django_capture_on_commit_callbacks(execute=True):
        discard(twin)
    assert on_disk(settings) == []


@pytest.mark.django_db
def test_bytes_that_are_gone_are_said_to_be(settings):
    stored = kept()
    for path in on_disk(settings):
        path.unlink()

    with pytest.raises(NotFound):
        open_file(stored)


@pytest.mark.django_db
def test_a_file_leaves_as_a_download_that_no_browser_runs():
    response = guarded(kept(b"<script>"), filename="通报.pdf")

    streamed: Any = response.streaming_content
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(streamed) == b"<script>"
