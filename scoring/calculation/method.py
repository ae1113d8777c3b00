"""A scheme as whoever writes it sees it: one figure a box, what may stand in it, and what forbids to publish it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from scoring.calculation.figures import FULL, ZERO, text
from scoring.enums import Grade, SourceKind

BANDS = (Grade.EXCELLENT, Grade.GOOD, Grade.PASS)
STEPS = ("5", "4", "3", "2", "1")
# Words of answers, each row from the best to the worst.
WORDS = (("always", "sometimes", "never"), ("yes", "partly", "no"))
LIMITS = 2
LONGEST_LIMIT = 730
MOST_READERS = 3
REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Box:
    """One figure of a scheme by its path. `whole`: no decimals; else two at most."""

    name: str
    low: int
    high: int
    whole: bool = False


def _points(*names: str) -> Iterator[Box]:
    return (Box(name, 0, int(FULL)) for name in names)


# By the heading under which they stand.
BOXES: Mapping[str, tuple[Box, ...]] = {
    "sources": tuple(_points(*(f"case_weights.{source.value}" for source in SourceKind))),
    "bands": tuple(_points(*(f"bands.{grade.value}" for grade in BANDS))),
    "conditions": (
        *_points("provisional_below"),
        Box("excellent.readers", 1, MOST_READERS, whole=True),
        *_points("excellent.spread", "excellent.coverage"),
        Box("fail_readers", 1, MOST_READERS, whole=True),
    ),
    "filing": tuple(
        box
        for place in range(1, LIMITS + 1)
        for box in (Box(f"filing.{place}.days", 1, LONGEST_LIMIT, whole=True), *_points(f"filing.{place}.points"))
    ),
    "self_assessment": tuple(_points("self_assessment_slope")),
    "scale": tuple(_points(*(f"scale.{step}" for step in STEPS))),
    "words": tuple(_points(*(f"words.{word}" for row in WORDS for word in row))),
    "voice": tuple(_points("voice_weights.overall", "voice_weights.service")),
    "standing": tuple(_points("standing_weights.cases", "standing_weights.voice")),
}
# Sources that may be asked for besides the file review, without which there never is a grade.
MAY_BE_REQUIRED = tuple(source for source in SourceKind if source != SourceKind.FILE_REVIEW)


class Misshapen(Exception):  # noqa: N818 - named for the fact
    """The data do not have the shape of a scheme; both tuples name paths, one of them is not empty."""

    def __init__(self, *, missing: Sequence[str], unknown: Sequence[str]) -> None:
        super().__init__("misshapen")
        self.missing, self.unknown = tuple(missing), tuple(unknown)


class ProblemCode(StrEnum):
    REVIEW_WEIGHS_NOTHING = "review_weighs_nothing"
    TOTAL = "total"
    BANDS_OUT_OF_ORDER = "bands_out_of_order"
    LIMITS_OUT_OF_ORDER = "limits_out_of_order"
    POINTS_OUT_OF_ORDER = "points_out_of_order"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why it may not be published. `group`: the heading under which it is put right; `detail`: the total found."""

    code: ProblemCode
    group: str
    detail: str = ""


def flat(rules: Any) -> dict[str, Any]:
    """Every figure by its path, and the list of required sources under its own; the values are not looked at.

    :raises Misshapen: naming every path that is missing, and every one that belongs to no scheme.
    """
    found = dict(_leaves(rules)) if isinstance(rules, dict) else {}
    required = found.pop(REQUIRED, [])
    # Below the lowest band nothing is left to say.
    found.pop(f"bands.{Grade.FAIL.value}", None)
    names = [box.name for boxes in BOXES.values() for box in boxes]
    missing = [name for name in names if name not in found]
    unknown = [name for name in found if name not in names]
    if not isinstance(required, list) or any(each not in SourceKind.values for each in required):
        unknown.append(REQUIRED)
    if missing or unknown:
        raise Misshapen(missing=missing, unknown=unknown)
    asked = [source.value for source in MAY_BE_REQUIRED if source.value in required]
    return {name: found[name] for name in names} | {REQUIRED: asked}


def nested(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The other way: a scheme's data from its figures, whole ones as numbers, others as text as short as it can be."""

    def of(name: str) -> str:
        return str(text(Decimal(figures[name])))

    rules: dict[str, Any] = {
        "case_weights": {source.value: of(f"case_weights.{source.value}") for source in SourceKind},
        "bands": [*([grade.value, of(f"bands.{grade.value}")] for grade in BANDS), [Grade.FAIL.value, "0"]],
        "provisional_below": of("provisional_below"),
        "excellent": {
            "readers": int(figures["excellent.readers"]),
            "spread": of("excellent.spread"),
            "coverage": of("excellent.coverage"),
        },
        "fail_readers": int(figures["fail_readers"]),
        "filing": [
            [int(figures[f"filing.{place}.days"]), of(f"filing.{place}.points")] for place in range(1, LIMITS + 1)
        ],
        "self_assessment_slope": of("self_assessment_slope"),
        "scale": {step: of(f"scale.{step}") for step in STEPS},
        "words": {word: of(f"words.{word}") for row in WORDS for word in row},
        "voice_weights": {half: of(f"voice_weights.{half}") for half in ("overall", "service")},
        "standing_weights": {part: of(f"standing_weights.{part}") for part in ("cases", "voice")},
    }
    # Absent where the file review alone is asked for, as in the schemes from before it could be said.
    return rules | ({REQUIRED: list(figures[REQUIRED])} if figures.get(REQUIRED) else {})


def problems(rules: Mapping[str, Any]) -> tuple[Problem, ...]:
    """What forbids to publish it: the parts of one whole come to 100, and better never counts less than worse."""
    figures = {name: Decimal(value) for name, value in flat(rules).items() if name != REQUIRED}
    found = []
    if not figures[f"case_weights.{SourceKind.FILE_REVIEW.value}"]:
        found.append(Problem(ProblemCode.REVIEW_WEIGHS_NOTHING, "sources"))
    for group in ("voice", "standing"):
        total = sum((figures[box.name] for box in BOXES[group]), ZERO)
        if total != FULL:
            found.append(Problem(ProblemCode.TOTAL, group, str(text(total))))
    if not _falls([*(figures[box.name] for box in BOXES["bands"]), ZERO], strictly=True):
        found.append(Problem(ProblemCode.BANDS_OUT_OF_ORDER, "bands"))
    days = [figures[f"filing.{place}.days"] for place in range(1, LIMITS + 1)]
    if not _falls(days[::-1], strictly=True):
        found.append(Problem(ProblemCode.LIMITS_OUT_OF_ORDER, "filing"))
    rows = [
        ("filing", [f"filing.{place}.points" for place in range(1, LIMITS + 1)]),
        ("scale", [f"scale.{step}" for step in STEPS]),
        *(("words", [f"words.{word}" for word in row]) for row in WORDS),
    ]
    found += [
        Problem(ProblemCode.POINTS_OUT_OF_ORDER, group)
        for group, names in rows
        if not _falls([figures[name] for name in names])
    ]
    return tuple(dict.fromkeys(found))


def shares(rules: Mapping[str, Any]) -> dict[SourceKind, Decimal]:
    """What each source comes to, in percent and unrounded, where all apply and are there; empty without weights."""
    weights = {source: Decimal(rules["case_weights"][source.value]) for source in SourceKind}
    total = sum(weights.values(), ZERO)
    return {source: weight * FULL / total for source, weight in weights.items()} if total else {}


def _falls(figures: Sequence[Decimal], *, strictly: bool = False) -> bool:
    pairs = pairwise(figures)
    return all(better > worse or (better == worse and not strictly) for better, worse in pairs)


def _leaves(data: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if place == REQUIRED:
        yield place, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, f"{place}.{key}" if place else str(key))
    elif place == "bands" and _pairs(data):
        yield from ((f"bands.{name}", floor) for name, floor in data)
    elif place == "filing" and _pairs(data):
        for number, (days, points) in enumerate(data, start=1):
            yield from ((f"filing.{number}.days", days), (f"filing.{number}.points", points))
    else:
        yield place, data


def _pairs(data: Any) -> bool:
    return isinstance(data, list) and all(isinstance(each, list) and len(each) == 2 for each in data)  # noqa: PLR2004
