"""Whether a kept figure is what its derivation says, and the derivation what weighing its inputs again gives."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from scoring.calculation.derivation import recompute
from scoring.calculation.figures import stored
from scoring.calculation.rules import Rules

NOTHING = "—"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What a row says beside its derivation. `columns` by their names, of those that the derivation gives as well."""

    derivation: str
    sha256: str
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """`place`: the column, or the path in the derivation (`lines.0.value`); `anew`: what weighing again gives there."""

    place: str
    kept: str
    anew: str


def differences(kept: Kept, rules: Rules) -> tuple[Difference, ...]:
    """Everything in which the row is not what it must be by the rules it names; empty where the bytes are the same."""
    found = []
    actual = sha256(kept.derivation.encode()).hexdigest()
    if actual != kept.sha256:
        found.append(Difference("sha256", kept.sha256, actual))
    try:
        made_by = json.loads(kept.derivation)["scheme"]
        named = {"version": rules.version, "digest": rules.digest}
        if made_by != named:
            return (*found, Difference("scheme", json.dumps(made_by), json.dumps(named)))
        anew = recompute(kept.derivation, rules)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, StopIteration) as fault:
        # Whatever was done to the text: what cannot be weighed proves nothing.
        return (*found, Difference("derivation", type(fault).__name__, NOTHING))
    found += between(kept.derivation, anew.decode())
    columns = columns_of(json.loads(anew))
    found += [
        Difference(name, _shown(value), _shown(columns[name]))
        for name, value in kept.columns.items()
        if value != columns[name]
    ]
    return tuple(found)


def between(kept: str, anew: str) -> list[Difference]:
    """Where two derivations differ, place by place; one in their spelling alone is named as a whole."""
    if kept == anew:
        return []
    left, right = dict(_leaves(json.loads(kept))), dict(_leaves(json.loads(anew)))
    places = [place for place in (*left, *(right.keys() - left.keys())) if left.get(place) != right.get(place)]
    told = [Difference(place, left.get(place, NOTHING), right.get(place, NOTHING)) for place in sorted(places)]
    return told or [Difference("derivation", _digest(kept), _digest(anew))]


def columns_of(derivation: Mapping[str, Any]) -> dict[str, Any]:
    """What the columns of a row must say by its derivation, as the database gives them back."""
    result = derivation["result"]
    score = None if result["score"] is None else stored(Decimal(result["score"]))
    if derivation["kind"] != "case":
        return {"score": score}
    review = derivation["inputs"]["review"]
    return {
        "score": score,
        "grade": result["grade"],
        "provisional": result["provisional"],
        "coverage": stored(Decimal(result["coverage"])),
        "review_version": None if review is None else review["version"],
    }


def _leaves(data: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict | list) and data:
        inner = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in inner:
            yield from _leaves(value, f"{place}.{key}" if place else str(key))
    else:
        yield place, json.dumps(data, ensure_ascii=False)


def _shown(value: object) -> str:
    return NOTHING if value is None else str(value)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
