"""What must be true of the tree as a whole."""

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_every_sentence_is_translated():
    call_command("messages", "--check", stdout=StringIO())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_files_name_no_host_and_pin_by_hash(lock):
    text = lock.read_text(encoding="utf-8")
    pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==.*$", text, flags=re.MULTILINE)

    assert re.findall(r"https?:|--(?:extra-)?index|--find-links", text) == []
    assert pinned if lock.name in {"pip.lock", "signing.lock"} else len(pinned) > 50
    assert [line for line in pinned if not line.endswith("\\")] == []


@pytest.mark.parametrize("smaller", ["core.lock", "production.lock", "signing.lock"])
def test_what_the_tests_run_on_is_what_is_installed(smaller):
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([A-Za-z0-9_.\[\],-]+==[^ ;]+)", text, flags=re.MULTILINE))

    assert pins(smaller) - pins("dev.lock") == set()


def test_nothing_third_party_is_committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()

    assert [path for path in listed if path.endswith((".min.js", ".min.css", ".ttf", ".otf", ".woff2", ".mo"))] == []


@pytest.mark.parametrize("target", ["help", "install", "demo", "demo-data", "test", "check", "bench", "prove", "fonts"])
def test_the_readme_s_commands_exist(target):
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
