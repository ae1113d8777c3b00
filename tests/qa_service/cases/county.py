"""The county's year: the file every room tries itself on, and what must come of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_service.audit.actors import Actor
from qa_service.cases.models import Import
from qa_service.cases.services import receive_import, run_import
from qa_service.organisations.models import Organisation

DATA = Path(__file__).resolve().parents[3] / "data"
CSV = DATA / "closed_cases.csv"
XLSX = DATA / "closed_cases.xlsx"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CLERK = Actor("user:1", "办事员")


def bring_in(centre: Organisation, path: Path = CSV, *, dry_run: bool = False, now: datetime = NOW) -> Import:
    with path.open("rb") as stream:
        job = receive_import(centre=centre, upload=stream, name=path.name, actor=CLERK, dry_run=dry_run, now=now)
    return run_import(import_id=job.pk, now=now)


def counts(job: Import) -> tuple[int, int, int, int]:
    """New, updated, unchanged, refused."""
    return job.new_count, job.updated_count, job.unchanged_count, job.refused_count


def edited(path: Path, *changes: tuple[str, str]) -> Path:
    """A copy of the CSV beside `path` in which each text was replaced once."""
    text = CSV.read_bytes().decode("gb18030")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_bytes(text.encode("gb18030"))
    return path
