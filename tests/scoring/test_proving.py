"""`verify_scores`: every stored figure is computed again to the same bytes, or is named with what differs."""

import json
from datetime import date
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from qa_service.cases.models import Case, EvidenceChange
from qa_service.cases.services import evidence_changed
from scoring.enums import Grade
from scoring.models import CaseScore, CaseVoice
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.scoring.factories import LATER, answered, scored

pytestmark = pytest.mark.django_db


def verified(*args: str) -> tuple[int, list[str]]:
    """Exit code and what was said."""
    out = StringIO()
    try:
        call_command("verify_scores", *args, stdout=out)
    except CommandError as wrong:
        return wrong.returncode, [*out.getvalue().splitlines(), str(wrong)]
    return 0, out.getvalue().splitlines()


def tampered(row: Any, **changes: Any) -> Any:
    """A row beside it, as somebody with the database's password would write one; the guards keep the first."""
    fields = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    del fields["id"]
    fields.pop("public_id", None)
    return type(row)._default_manager.create(**fields | {"is_current": False} | changes)


def test_what_was_weighed_and_weighed_again_is_proved_whole() -> None:
    case = answered(1)
    former = scored(case)
    Case.objects.filter(pk=case.pk).update(filed_on=date(2026, 12, 30))
    evidence_changed(case.pk)
    rescore_changed(now=LATER)

    assert CaseScore.objects.filter(case=case).count() == 2
    assert verified(f"{former.closed_on:%Y}", "--evidence") == (
        0,
        ["3 stored figures computed again.", "1 case weighed anew.", "Every one is what it says."],
    )
    assert verified("1999")[1][0] == "0 stored figures computed again."
    assert verified("--centre", case.centre.code)[0] == 0


def test_each_figure_that_was_not_made_so_is_named_with_its_case_and_place() -> None:
    score = scored()
    said = json.loads(score.derivation)
    said["result"]["score"], said["lines"][0]["contribution"] = "91", "82"
    forged = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    spaced = json.dumps(json.loads(score.derivation), ensure_ascii=False, sort_keys=True)
    rows = (
        tampered(score, score=91, grade=Grade.EXCELLENT),
        tampered(score, derivation=forged, sha256=sha256(forged.encode()).hexdigest()),
        tampered(score, derivation=spaced),
        tampered(score, derivation="{}"),
    )

    code, told = verified()

    places: dict[int, list[str]] = {row.pk: [] for row in rows}
    for line in told:
        if line.startswith(f"{score.case.number}, row "):
            at = int(line.rsplit(" ", 1)[1])
        elif line.startswith("  "):
            places[at].append(line.split(":")[0].strip())
    assert (code, told[-1]) == (1, "4 of them differ.")
    assert list(places.values()) == [
        ["score", "grade"],
        ["lines.0.contribution", "result.score"],
        ["sha256", "derivation"],
        ["sha256", "derivation"],
    ]
    assert "  grade: stored excellent, anew good" in told


def test_of_a_clients_voice_the_place_is_named_and_no_figure() -> None:
    case = answered(1)
    rescore_changed(now=NOW)
    tampered(CaseVoice.objects.get(case=case), score=85)

    code, told = verified()

    assert (code, [line for line in told if line.startswith("  ")]) == (1, ["  client voice: score"])


def test_a_change_that_was_never_weighed_is_found_by_the_evidence_and_one_that_waits_is_not_held_against_it() -> None:
    score = scored(factories.case(factories.centre()))
    Case.objects.filter(pk=score.case_id).update(filed_on=date(2026, 12, 30))

    assert verified()[0] == 0
    code, told = verified("--evidence")
    assert code == 1
    assert f"{score.case.number}, evidence of today" in told
    assert '  inputs.filing.filed_on: stored "2026-11-15", anew "2026-12-30"' in told

    evidence_changed(score.case_id)
    assert verified("--evidence")[0] == 0
    rescore_changed(now=LATER)
    assert verified("--evidence")[0] == 0
    assert not EvidenceChange.objects.exists()


@pytest.mark.parametrize("args", [("2026-5",), ("--centre", "nowhere")])
def test_what_cannot_be_meant_is_refused_with_a_sentence(args: tuple[str, ...]) -> None:
    code, told = verified(*args)

    assert (code, len(told)) == (1, 1)
