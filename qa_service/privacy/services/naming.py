"""What people of the trade typed about a case should name nobody. Where it does, it goes with the person it names."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Value

from qa_service.common.keeping import Part, Rule, at_place, erase, standing
from qa_service.common.naming import names
from qa_service.privacy.enums import Cause
from qa_service.privacy.rooms import RULES
from qa_service.privacy.services.counting import count_erased

# Below this a run of digits is a page, a date or an amount.
SHORTEST_NUMBER = 7
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """By what words a person is known: names and numbers. `client` and `centre` are keys."""

    client: int
    centre: int | None
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Known({self.client})"


def known_by(part: Part, keys: Iterable[Any]) -> list[Known]:
    """The people whose names or numbers stand in these rows."""
    if not part.naming:
        return []
    rows = part.all().filter(pk__in=list(keys)).annotate(of_person=F(part.person), of_place=at_place(part))
    return [
        Known(client=client, centre=centre, words=tuple(word for word in words if word))
        for client, centre, *words in rows.values_list("of_person", "of_place", *part.naming)
    ]


def erase_what_names(people: Iterable[Known], *, day: date, now: datetime) -> int:
    """Erase every row of the trade's words that names one of these; returns how many. Inside a transaction."""
    by_client: dict[int, list[Known]] = {}
    for person in people:
        if person.words:
            by_client.setdefault(person.client, []).append(person)
    if not by_client:
        return 0
    return sum(
        _erase_in(rule, part, by_client, day=day, now=now) for rule in RULES for part in rule.parts if part.may_name
    )


def _erase_in(rule: Rule, part: Part, people: dict[int, list[Known]], *, day: date, now: datetime) -> int:
    found: dict[Any, int | None] = {}
    for key, client, centre, *texts in _texts(part, people):
        who = people[client] if part.person else [each for every in people.values() for each in every]
        if any(_names(text, person, centre) for text in texts for person in who):
            found[key] = centre
    if found:
        erase(part, list(found), now=now)
        count_erased(day=day, rule=rule.key, cause=Cause.NAMED, by_centre=Counter(found.values()))
    return len(found)


def _texts(part: Part, people: dict[int, list[Known]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the people's cases; where no path leads to a person, all that still stands at their centres."""
    rows: QuerySet[Any] = part.all().filter(standing(part)).annotate(of_place=at_place(part))
    rows = rows.annotate(of_person=F(part.person) if part.person else Value(None, output_field=BigIntegerField()))
    if part.person:
        rows = rows.filter(of_person__in=list(people))
    else:
        rows = rows.filter(of_place__in={each.centre for every in people.values() for each in every if each.centre})
    yield from rows.values_list("pk", "of_person", "of_place", *(field.name for field in part.fields)).iterator(
        chunk_size=CHUNK
    )


def _names(text: Any, person: Known, centre: int | None) -> bool:
    if person.centre is not None and centre is not None and person.centre != centre:
        return False
    said = unicodedata.normalize("NFKC", text if isinstance(text, str) else str(text))
    return any(_number_in(said, word) if word.lstrip("+").isdigit() else names(said, word) for word in person.words)


def _number_in(text: str, number: str) -> bool:
    """The number as people write it: without the country, with blanks or dashes inside."""
    digits = number.removeprefix("+86").lstrip("+")
    if len(digits) < SHORTEST_NUMBER:
        return False
    return re.search(r"[\s\-]*".join(digits), text) is not None
