"""How long personal data is kept: what each room says of its fields, and how what is over is written over.

A room lists its rules in its module `retention`. Rows stay, with every figure counted from them; what tells of a person
goes. Nothing here knows the rooms.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, F, Model, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from qa_service.common.encryption import EncryptedTextField

# What a reader finds where words stood. It lies in the rows and is printed as it is, so both languages share it.
ERASED = "〔已删除 erased〕"


class Ground(TextChoices):
    """On what the law lets us keep it (PIPL: the Personal Information Protection Law)."""

    FOLLOW_UP = "follow_up", _("Duty to follow up with clients: Legal Aid Law art. 59; PIPL art. 13 (3)")
    CONSENT = "consent", _("The person's own consent: PIPL art. 13 (1) and 29")
    COMPLAINTS = "complaints", _("Duty to look into complaints: rules on complaints about legal aid; PIPL art. 13 (3)")
    SUPERVISION = "supervision", _("Duty to watch the quality of the work: Legal Aid Law art. 57 and 59")
    HEARING = "hearing", _("Proof that a lawyer was heard before a decision: PIPL art. 24 and 48")
    RECORD = "record", _("Record of who did what with personal data: PIPL art. 51 and 54")
    SECURITY = "security", _("Network logs of at least six months: Cybersecurity Law")
    STOP = "stop", _("To respect that the person wants no messages: PIPL art. 15")
    REQUEST = "request", _("Duty to answer a person's requests: PIPL art. 50")

    @property
    def is_duty(self) -> bool:
        """Kept to the end of its term even where the person asks for erasure (PIPL art. 47, last paragraph)."""
        return self not in (Ground.FOLLOW_UP, Ground.CONSENT)


@dataclass(frozen=True, slots=True)
class Term:
    """Days after the day from which they count, the last of which counts whole. Equal bounds cannot be moved."""

    days: int
    shortest: int
    longest: int

    @property
    def fixed(self) -> bool:
        return self.shortest == self.longest


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `becomes` is written over it; `standing` says what of it counts as not yet erased."""

    name: str
    label: Any
    becomes: Any = ""
    standing: Q | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The share of one table in a rule. Paths are Django's, from a row of the table.

    `since` leads to the day (or with `moment` the moment) from which the term counts, `place` to the organisation whose
    term and calendar day hold, `person` to the client. `of_person` finds more rows of a client where no path leads.
    """

    model: type[Model]
    fields: tuple[Field, ...]
    since: str
    moment: bool = False
    place: str = ""
    person: str = ""
    rows: Callable[[], QuerySet[Any]] | None = None
    of_person: Callable[[Any], Q] | None = None
    # A column that is given the moment of erasure: while it is empty, the row stands.
    stamp: str = ""
    # The row itself goes: a log or a notice, from which nothing is counted.
    deletes: bool = False
    # What writing over columns cannot do; given the keys of rows and the moment.
    act: Callable[[list[Any], datetime], None] | None = None
    # Words typed by people of the trade: erased early where they name the person whose data is erased.
    may_name: bool = False
    # Words about the work of others: the person's only where they name them.
    of_trade: bool = False
    # Which rows somebody who looks up a person may see; given the one who looks. All of them where nothing is said.
    shown_to: Callable[[Any], Q] | None = None
    # The fields by whose words a person is known, here and in what others typed.
    naming: tuple[str, ...] = ()
    # What stands beside the fields when a person is shown what is held of them: a label and a path.
    beside: tuple[tuple[Any, str], ...] = ()

    def all(self) -> QuerySet[Any]:
        return self.rows() if self.rows else self.model._base_manager.all()

    @property
    def table(self) -> str:
        return self.model._meta.label

    def labels(self) -> Iterable[str]:
        return (f"{self.table}.{field.name}" for field in self.fields)


def words_of_trade(model: type[Any], case: str, *named: tuple[str, Any], **more: Any) -> Part:
    """What people of the trade typed about a case; `case` is the path from the row to it, `named` field and label."""
    return Part(
        model=model,
        fields=tuple(Field(name, label, ERASED) for name, label in named),
        since=f"{case}__closed_on",
        place=f"{case}__centre",
        person=f"{case}__client",
        may_name=True,
        of_trade=True,
        beside=((_("Case number"), f"{case}__number"),),
        **more,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is kept, why, and how long. Without a term it stays as long as the record it belongs to.

    `bound_first`: the archive's rule is longer than ours, so the paper must be in the file before the words go.
    """

    key: str
    title: Any
    purpose: Any
    ground: Ground
    since: Any
    term: Term | None
    parts: tuple[Part, ...]
    bound_first: bool = False

    def labels(self) -> Iterable[str]:
        return (label for part in self.parts for label in part.labels())

    @property
    def fields_in_words(self) -> tuple[str, ...]:
        """What is kept, as people call it, each once."""
        return tuple(dict.fromkeys(str(field.label) for part in self.parts for field in part.fields))


@dataclass(frozen=True, slots=True)
class Hold:
    """While such a row stands on a day, nothing of the person is erased. `client` is the path from the row to them.

    `paper`: a sheet still has to be bound, which holds back only what rules say is bound first.
    """

    key: str
    label: Any
    rows: Callable[[date], QuerySet[Any]]
    client: str
    paper: bool = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """All that a room says of personal data. `without`: text columns that hold none, by why one may say so."""

    rules: tuple[Rule, ...] = ()
    holds: tuple[Hold, ...] = ()
    without: tuple[tuple[Any, tuple[str, ...]], ...] = ()


def standing(part: Part) -> Q:
    """The condition that something of the row is still to be erased."""
    if part.deletes:
        return Q()
    if part.stamp:
        return Q(**{f"{part.stamp}__isnull": True})
    found = Q(pk__in=[])
    for field in part.fields:
        found |= _stands(part.model, field)
    return found


def _stands(model: type[Model], field: Field) -> Q:
    if field.standing is not None:
        return field.standing
    if isinstance(model._meta.get_field(field.name), EncryptedTextField):
        return Q(**{f"{field.name}__isempty": False})
    return ~Q(**{f"{field.name}__in": list(dict.fromkeys(["", field.becomes]))})


def over(part: Part, *, days: int, today: date, zone: ZoneInfo) -> Q:
    """The condition that the term of a row has run out before `today`, a day in `zone`.

    A term of 365 days that counts from 1 March 2025 ends with 1 March 2026: the row is over on 2 March.
    """
    first_kept = today - timedelta(days=days)
    bound: date | datetime = datetime.combine(first_kept, time.min, zone) if part.moment else first_kept
    return Q(**{f"{part.since}__lt": bound})


def erase(part: Part, keys: list[Any], *, now: datetime) -> int:
    """Write over these rows, or let them go; returns how many. Called inside a transaction."""
    if part.act is not None:
        part.act(keys, now)
        return len(keys)
    rows = part.model._base_manager.filter(pk__in=keys)
    if part.deletes:
        rows.delete()
        return len(keys)
    return rows.update(**_written(part, now))


def _written(part: Part, now: datetime) -> Mapping[str, Any]:
    values = {field.name: _over(part.model, field) for field in part.fields}
    return values | ({part.stamp: now} if part.stamp else {})


def _over(model: type[Model], field: Field) -> Any:
    """Where nothing stood, nothing is said to have been erased."""
    if field.becomes != ERASED or isinstance(model._meta.get_field(field.name), EncryptedTextField):
        return field.becomes
    return Case(When(**{field.name: ""}, then=Value("")), default=Value(ERASED))


def theirs(part: Part, client: Any) -> Q:
    """The condition that a row is about this client; `client` is the row of the person."""
    found = Q(**{part.person: client.pk}) if part.person else Q(pk__in=[])
    return found | part.of_person(client) if part.of_person else found


def at_place(part: Part) -> F | Value:
    """The key of the row's organisation, for counting; nothing where the table knows none."""
    return F(f"{part.place}_id") if part.place else Value(None, output_field=BigIntegerField())
