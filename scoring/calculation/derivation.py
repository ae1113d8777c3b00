"""Everything that makes a figure, as canonical JSON: what went in, the scheme, every line and the result."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.calculation.figures import canonical, text
from scoring.calculation.rules import Rules
from scoring.calculation.weighing import CaseResult, Line, weigh_case, weigh_voices
from scoring.enums import Grade, SourceKind
from scoring.evidence import CaseEvidence, ClientAnswer, FileReview, Filing


def case_derivation(evidence: CaseEvidence, rules: Rules, result: CaseResult | None = None) -> bytes:
    """Everything that makes a case's grade, as canonical JSON. `result` saves weighing what was just weighed."""
    result = result or weigh_case(evidence, rules)
    return canonical(
        {
            "kind": "case",
            "scheme": {"version": rules.version, "digest": rules.digest},
            "inputs": _case_inputs(evidence),
            "lines": [_line(line) for line in result.lines],
            "result": {
                "grade": str(result.grade.value),
                "score": text(result.score),
                "coverage": text(result.coverage),
                "provisional": result.provisional,
                "reasons": [str(reason.value) for reason in result.reasons],
            },
        }
    )


def voice_derivation(answers: Sequence[ClientAnswer], rules: Rules) -> bytes:
    """The same for what the clients of one case said, the earliest first.

    :raises ValueError: when nothing of the answers can be weighed.
    """
    result = weigh_voices(answers, rules)
    if result is None:
        raise ValueError("nothing to weigh")
    inputs = [_answer(answer) for answer in answers]
    alone = len(inputs) == 1
    return canonical(
        {
            "kind": "voice" if alone else "voices",
            "scheme": {"version": rules.version, "digest": rules.digest},
            "inputs": inputs[0] if alone else {"answers": inputs},
            "lines": [_line(line) for line in result.lines],
            "result": {"score": text(result.score)},
        }
    )


def recompute(derivation: str | bytes, rules: Rules) -> bytes:
    """Weigh again what a stored derivation says went in: the same bytes, or the figure was not made so.

    :raises ValueError: when it was made by another scheme.
    """
    stored = json.loads(derivation)
    if stored["scheme"] != {"version": rules.version, "digest": rules.digest}:
        raise ValueError("made by another scheme")
    given = stored["inputs"]
    if stored["kind"] == "voice":
        return voice_derivation([_answer_of(given)], rules)
    if stored["kind"] == "voices":
        return voice_derivation([_answer_of(each) for each in given["answers"]], rules)
    return case_derivation(_evidence_of(given), rules)


def _answer(answer: ClientAnswer) -> dict[str, Any]:
    return {
        "overall": answer.overall,
        "service": [list(pair) for pair in answer.service],
        "result_only": answer.result_only,
    }


def _answer_of(given: Mapping[str, Any]) -> ClientAnswer:
    service = tuple((question, word) for question, word in given["service"])
    return ClientAnswer(overall=given["overall"], service=service, result_only=given["result_only"])


def _line(line: Line) -> dict[str, Any]:
    return {
        "source": str(line.source),
        "applies": line.applies,
        "value": text(line.value),
        "weight": text(line.weight),
        "contribution": text(line.contribution),
        "facts": dict(line.facts),
    }


def _case_inputs(evidence: CaseEvidence) -> dict[str, Any]:
    review, filing = evidence.review, evidence.filing
    return {
        "review": None
        if review is None
        else {
            "version": review.version,
            "score": text(review.score),
            "settled": review.settled,
            "veto_pending": review.veto_pending,
            "cap": None if review.cap is None else str(review.cap.value),
            "readers": review.readers,
            "spread": text(review.spread),
        },
        "filing": {
            "counted_from": filing.counted_from.isoformat(),
            "filed_on": None if filing.filed_on is None else filing.filed_on.isoformat(),
            "overdue": filing.overdue,
            "excused": filing.excused,
            # Absent where the scheme's own limits held, as in derivations made before a centre's counted.
            **({} if filing.limit is None else {"limit": filing.limit}),
        },
        "organ_applies": evidence.organ_applies,
        "organ_marks": list(evidence.organ_marks),
        "hearing_applies": evidence.hearing_applies,
        "hearing": text(evidence.hearing),
        "self_assessment_applies": evidence.self_assessment_applies,
        "self_assessment": text(evidence.self_assessment_gap),
    }


def part_of(source: SourceKind, derivation: str | bytes) -> Decimal:
    """What a source is of the figure, 0 to 1: its weight over the weights of all that was there."""
    weights = {line["source"]: Decimal(line["weight"]) for line in json.loads(derivation)["lines"] if line["value"]}
    return weights.get(source, Decimal(0)) / (sum(weights.values()) or 1)


def evidence_in(derivation: str | bytes) -> CaseEvidence:
    """What went into a case's grade."""
    return _evidence_of(json.loads(derivation)["inputs"])


def _evidence_of(given: Mapping[str, Any]) -> CaseEvidence:
    review, filing = given["review"], given["filing"]
    return CaseEvidence(
        review=None
        if review is None
        else FileReview(
            version=review["version"],
            score=Decimal(review["score"]),
            settled=review["settled"],
            veto_pending=review["veto_pending"],
            cap=None if review["cap"] is None else Grade(review["cap"]),
            readers=review["readers"],
            spread=Decimal(review["spread"]),
        ),
        filing=Filing(
            counted_from=date.fromisoformat(filing["counted_from"]),
            filed_on=None if filing["filed_on"] is None else date.fromisoformat(filing["filed_on"]),
            overdue=filing["overdue"],
            excused=filing["excused"],
            limit=filing.get("limit"),
        ),
        organ_applies=given["organ_applies"],
        organ_marks=tuple(given["organ_marks"]),
        hearing_applies=given["hearing_applies"],
        hearing=_figure(given["hearing"]),
        self_assessment_applies=given["self_assessment_applies"],
        self_assessment_gap=_figure(given["self_assessment"]),
    )


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
