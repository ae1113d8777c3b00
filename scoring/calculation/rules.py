"""A scheme as data: what counts how much, and where the bands lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from scoring.calculation.figures import canonical
from scoring.enums import Grade, SourceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """A scheme as data. Weights need not add up to 100: missing evidence is weighted over."""

    version: int
    digest: str
    case_weights: Mapping[SourceKind, Decimal]
    bands: tuple[tuple[Grade, Decimal], ...]
    provisional_below: Decimal
    excellent_readers: int
    excellent_spread: Decimal
    excellent_coverage: Decimal
    fail_readers: int
    filing: tuple[tuple[int, Decimal], ...]
    self_assessment_slope: Decimal
    scale: Mapping[int, Decimal]
    words: Mapping[str, Decimal]
    voice_weights: tuple[Decimal, Decimal]
    standing_weights: tuple[Decimal, Decimal]
    # Without one of these, where it applies, there is no grade; the others are weighed over.
    required: frozenset[SourceKind] = frozenset({SourceKind.FILE_REVIEW})


def digest(rules: Mapping[str, Any]) -> str:
    return sha256(canonical(rules)).hexdigest()


def rules_of(version: int, data: Mapping[str, Any]) -> Rules:
    """Read a scheme's data.

    :raises KeyError, ValueError: when a part is missing or is no figure.
    """
    excellent = data["excellent"]
    return Rules(
        version=version,
        digest=digest(data),
        case_weights={SourceKind(name): Decimal(weight) for name, weight in data["case_weights"].items()},
        bands=tuple((Grade(name), Decimal(floor)) for name, floor in data["bands"]),
        provisional_below=Decimal(data["provisional_below"]),
        excellent_readers=excellent["readers"],
        excellent_spread=Decimal(excellent["spread"]),
        excellent_coverage=Decimal(excellent["coverage"]),
        fail_readers=data["fail_readers"],
        filing=tuple((days, Decimal(value)) for days, value in data["filing"]),
        self_assessment_slope=Decimal(data["self_assessment_slope"]),
        scale={int(step): Decimal(value) for step, value in data["scale"].items()},
        words={word: Decimal(value) for word, value in data["words"].items()},
        voice_weights=(Decimal(data["voice_weights"]["overall"]), Decimal(data["voice_weights"]["service"])),
        standing_weights=(Decimal(data["standing_weights"]["cases"]), Decimal(data["standing_weights"]["voice"])),
        required=frozenset({SourceKind.FILE_REVIEW, *map(SourceKind, data.get("required", ()))}),
    )


def overdue_from(counted_from: date, rules: Rules, limit: int | None = None) -> date:
    """The first day on which a file that has not come counts as not come. `limit` as of `Filing`."""
    return counted_from + timedelta(days=rules.filing[-1][0] + moved(limit, rules) + 1)


def moved(limit: int | None, rules: Rules) -> int:
    """Days by which a centre's own limit moves the limits of the scheme."""
    return 0 if limit is None else limit - rules.filing[0][0]


def band(score: Decimal, rules: Rules) -> Grade:
    """The band of an unrounded figure: 89.999 is not yet excellent."""
    return next(grade for grade, floor in rules.bands if score >= floor)
