"""The one way a case comes in, whether by page, command or API: rows are read, compared, written in bulk.

A batch is one transaction. Rows go through as tuples and prepared objects; nothing is saved one by one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qa_service.accounts.queries import own_work, person_behind
from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from qa_service.cases.enums import FaultReason, Oddity
from qa_service.cases.intake import CaseInput, Columns, Problem, RowFault, read_case
from qa_service.cases.models import Case
from qa_service.cases.services.clients import Clients
from qa_service.cases.services.evidence import evidence_changed
from qa_service.cases.services.registry import Registry
from qa_service.cases.tables import Row
from qa_service.common.encryption import blind_index
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import firms_by_name

BATCH = 1000
# A client first heard of later than this after the closing is asked only when a manager says so.
LATE_AFTER = timedelta(days=21)
SHOWN_VALUE = 100
SHOWN_LINES = 20
# Fields an export fills directly, by the same names.
PLAIN_FIELDS = (
    "case_type", "cause", "stage", "people_helped", "organ", "organ_number", "accepted_on", "assigned_on", "closed_on",
    "hearing_on", "judgment_received_on", "filed_on", "outcome", "recovered_amount", "decided_on", "subsidy_paid_on",
)  # fmt: skip
LINK_FIELDS = ("client_id", "station_id", "lawyer_id", "firm_id")
# A change to these is no evidence about the lawyer's work.
NOT_EVIDENCE = frozenset({"client_id", "people_helped", "organ_number", "decided_on", "subsidy_paid_on"})
UPDATED = (
    *PLAIN_FIELDS, "client", "station", "lawyer", "firm", "content_hash", "revision", "updated_at", "survey_settled_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    line: int
    case: CaseInput
    content_hash: str


@dataclass(frozen=True, slots=True)
class _Held:
    """What of a case decides who is kept from its client's answer, and beside which others that is counted."""

    licence_number: str
    firm_id: int | None
    closed_on: date | None


@dataclass(slots=True)
class Tally:
    """Counts of rows, and for each oddity how many rows show it and the first lines where."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    oddities: dict[str, list[Any]] = field(default_factory=dict)

    def note(self, oddity: Oddity, line: int) -> None:
        seen = self.oddities.setdefault(oddity.value, [0, []])
        seen[0] += 1
        if len(seen[1]) < SHOWN_LINES:
            seen[1].append(line)


@dataclass(slots=True)
class Batch:
    """What reading some rows gave. `repeated` rows say again what an earlier row of the file said.

    `of_erased`: lines about people whose personal data was erased here.
    """

    readings: list[Reading] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    repeated: int = 0
    of_erased: list[int] = field(default_factory=list)


class Intake:
    """One run over the rows of one source. `seen` remembers each number by two machine words, not by its text."""

    def __init__(self, *, centre: Organisation, columns: Columns, actor: Actor, now: datetime) -> None:
        self._centre = centre
        self._columns = columns
        self._actor = actor
        self._now = now
        self._settings = CentreSettings.objects.get(centre=centre)
        self._today = now.astimezone(ZoneInfo(self._settings.time_zone)).date()
        self._seen: dict[int, int] = {}
        self._registry: Registry | None = None

    def read(self, rows: Iterable[Row]) -> Batch:
        """Read rows without the database; call it outside the transaction."""
        batch = Batch()
        for row in rows:
            if any(row.cells) or row.open_quote is not None:
                self._read_row(row, batch)
        return batch

    def _read_row(self, row: Row, batch: Batch) -> None:
        if row.overlong:
            batch.faults.append(RowFault(row.line, self._columns.title("number"), FaultReason.TOO_LONG, ""))
            return
        if row.open_quote is not None:
            column = self._columns.title_at(row.open_quote.column)
            swallowed = str(row.open_quote.swallowed)
            batch.faults.append(RowFault(row.line, column, FaultReason.QUOTE_OPEN, swallowed))
            return
        cells = self._columns.pick(row.cells)
        try:
            self._columns.check(row.cells)
            case = read_case(cells, today=self._today, open_too=self._settings.takes_open_cases)
            content_hash = blind_index(case.canonical())
            if self._repeats(case.number, content_hash):
                batch.repeated += 1
            else:
                batch.readings.append(Reading(row.line, case, content_hash))
        except Problem as problem:
            if self._columns.repeated_by(row.cells):
                first = str(self._columns.line)
                batch.faults.append(RowFault(row.line, self._columns.title("number"), FaultReason.HEADER_AGAIN, first))
                return
            value = cells.get(problem.field)
            shown = "" if value is None else str(value).replace("\x00", "\ufffd")[:SHOWN_VALUE]
            batch.faults.append(RowFault(row.line, self._columns.title(problem.field), problem.reason, shown))

    def _repeats(self, number: str, content_hash: str) -> bool:
        """Whether an earlier row of this source said the same.

        :raises Problem: an earlier row has the number and says something else.
        """
        key, content = hash(number), int(content_hash[:7], 16)
        earlier = self._seen.get(key)
        if earlier is None:
            self._seen[key] = content
            return False
        if earlier != content:
            raise Problem("number", FaultReason.NUMBER_TWICE)
        return True

    def compare(self, batch: Batch) -> Tally:
        """What writing the batch would do, without doing it."""
        known = self._known(batch)
        self._refuse_own(batch, known)
        tally = self._tally(batch)
        for reading in batch.readings:
            content_hash = known[reading.case.number][1] if reading.case.number in known else None
            if content_hash is None:
                tally.new += 1
            elif content_hash == reading.content_hash:
                tally.unchanged += 1
            else:
                tally.updated += 1
        return tally

    def write(self, batch: Batch) -> Tally:
        """Write new and changed cases. Call it inside a transaction, which holds the centre until it ends.

        Rows refused for what the register holds join the batch's faults.
        """
        # Two imports of one centre would both create its stations and clients: one waits for the other's batch.
        CentreSettings.objects.select_for_update().get(pk=self._settings.pk)
        known = self._known(batch)
        self._refuse_own(batch, known)
        tally = self._tally(batch)
        fresh: list[Reading] = []
        changed: list[Reading] = []
        for reading in batch.readings:
            if reading.case.number not in known:
                fresh.append(reading)
            elif known[reading.case.number][1] != reading.content_hash:
                changed.append(reading)
        tally.new, tally.updated = len(fresh), len(changed)
        tally.unchanged += len(batch.readings) - len(fresh) - len(changed)
        if fresh or changed:
            self._save(fresh, changed, {number: pk for number, (pk, _hash) in known.items()}, tally)
        return tally

    def _known(self, batch: Batch) -> dict[str, tuple[int, str]]:
        """The cases that are there, by number. Rows about people who were erased leave the batch: nobody comes back.

        An export goes on naming the people of its old cases for as long as the case system keeps them.
        """
        numbers = [reading.case.number for reading in batch.readings]
        rows = Case.with_open.filter(centre=self._centre, number__in=numbers)
        known: dict[str, tuple[int, str]] = {}
        erased: set[str] = set()
        closed: set[str] = set()
        for number, pk, content_hash, erased_at, closed_on in rows.values_list(
            "number", "pk", "content_hash", "client__erased_at", "closed_on"
        ):
            known[number] = (pk, content_hash)
            if erased_at is not None:
                erased.add(number)
            if closed_on is not None:
                closed.add(number)
        if erased:
            batch.of_erased += [each.line for each in batch.readings if each.case.number in erased]
            batch.readings = [each for each in batch.readings if each.case.number not in erased]
        self._refuse_reopened(batch, closed)
        return known

    def _refuse_reopened(self, batch: Batch, closed: set[str]) -> None:
        """A closed case has been asked about, perhaps read and graded: an empty cell does not open it again."""
        reopened = [each for each in batch.readings if each.case.closed_on is None and each.case.number in closed]
        if reopened:
            title = self._columns.title("closed_on")
            batch.faults += [RowFault(each.line, title, FaultReason.NOT_CLOSED, "") for each in reopened]
            batch.readings = [each for each in batch.readings if each not in reopened]

    def _refuse_own(self, batch: Batch, known: Mapping[str, tuple[int, str]]) -> None:
        """Refuse rows by which the actor would give a case of their own another lawyer, firm or closing date.

        A case under way gets its first closing date by whoever brings it.

        What a client said is kept from whoever handled the case. Named another's for a moment, it would be shown them;
        moved to another period and back, it would be the difference between two reports.
        """
        person = person_behind(self._actor)
        if person is None:
            return
        changed = [known[each.case.number][0] for each in batch.readings if self._changes(each, known)]
        own = Case.with_open.filter(own_work(person, lawyer="lawyer", firm="firm"), pk__in=changed)
        held = {
            number: _Held(licence, firm_id, closed_on)
            for number, licence, firm_id, closed_on in own.values_list(
                "number", "lawyer__licence_number", "firm_id", "closed_on"
            )
        }
        if not held:
            return
        firms = firms_by_name(self._centre)
        kept: list[Reading] = []
        for reading in batch.readings:
            row = reading.case
            before = held.get(row.number)
            if before is None or before == _Held(row.licence_number, firms.get(row.firm_name), row.closed_on):
                kept.append(reading)
            elif before.licence_number != row.licence_number:
                batch.faults.append(self._own_case(reading.line, "licence_number", row.licence_number))
            elif before.closed_on not in (None, row.closed_on):
                batch.faults.append(self._own_case(reading.line, "closed_on", str(row.closed_on)))
            elif before.firm_id != firms.get(row.firm_name):
                batch.faults.append(self._own_case(reading.line, "firm_name", row.firm_name))
            else:
                kept.append(reading)
        batch.readings = kept

    def _changes(self, reading: Reading, known: Mapping[str, tuple[int, str]]) -> bool:
        return reading.case.number in known and known[reading.case.number][1] != reading.content_hash

    def _own_case(self, line: int, field: str, value: str) -> RowFault:
        return RowFault(line, self._columns.title(field), FaultReason.OWN_CASE, value[:SHOWN_VALUE])

    def _tally(self, batch: Batch) -> Tally:
        tally = Tally(refused=len(batch.faults), unchanged=batch.repeated + len(batch.of_erased))
        for line in batch.of_erased:
            tally.note(Oddity.PERSON_ERASED, line)
        for reading in batch.readings:
            for oddity in reading.case.oddities:
                tally.note(oddity, reading.line)
        return tally

    def _save(self, fresh: list[Reading], changed: list[Reading], keys: dict[str, int], tally: Tally) -> None:
        if self._registry is None:
            self._registry = Registry(centre=self._centre, actor=self._actor, now=self._now)
        self._registry.prepare([reading.case for reading in (*fresh, *changed)])
        # Cases, then clients, then plans: so does whoever corrects a number, and neither waits for the other for ever.
        former = Case.with_open.locked().order_by("pk").in_bulk([keys[reading.case.number] for reading in changed])
        clients = Clients(centre=self._centre, consent_days=self._settings.contact_plan_days, now=self._now)
        clients.prepare(
            [reading.case for reading in (*fresh, *changed)],
            former={reading.case.number: former[keys[reading.case.number]].client_id for reading in changed},
        )
        acts = self._add(fresh, clients)
        acts += self._change([(reading, former[keys[reading.case.number]]) for reading in changed], clients)
        acts += clients.acts()
        record_many(actor=self._actor, acts=acts, at=self._now)
        for reading in (*fresh, *changed):
            if self._registry.lawyer_name(reading.case.licence_number) != reading.case.lawyer_name:
                tally.note(Oddity.LAWYER_NAME_DIFFERS, reading.line)

    def _case(self, reading: Reading, clients: Clients) -> Case:
        registry = self._registry
        assert registry is not None  # noqa: S101 - `_save` made it
        row = reading.case
        return Case(
            centre_id=self._centre.pk,
            number=row.number,
            client_id=clients.key(row.client),
            station_id=registry.station(row.station_name),
            lawyer_id=registry.lawyer(row.licence_number),
            firm_id=registry.firm(row.firm_name),
            first_seen_at=self._now,
            content_hash=reading.content_hash,
            created_at=self._now,
            updated_at=self._now,
            **{name: getattr(row, name) for name in PLAIN_FIELDS},
        )

    def _add(self, readings: list[Reading], clients: Clients) -> list[Act]:
        cases = [self._case(reading, clients) for reading in readings]
        for case in cases:
            case.survey_released_at = self._released(case)
        Case.with_open.bulk_create(cases)
        return [Act("cases.added", Case._meta.label, str(case.pk)) for case in cases]

    def _released(self, case: Case) -> datetime | None:
        """Importing starts no contact: what closed before go-live, or came too late, waits for a person."""
        live = self._settings.go_live_on
        if case.closed_on is None or live is None or case.closed_on < live or self._today - case.closed_on > LATE_AFTER:
            return None
        return self._now

    def _change(self, pairs: list[tuple[Reading, Case]], clients: Clients) -> list[Act]:
        acts: list[Act] = []
        cases: list[Case] = []
        were_open: list[Case] = []
        scored: list[int] = []
        for reading, former in pairs:
            case = self._case(reading, clients)
            fields = [name for name in PLAIN_FIELDS + LINK_FIELDS if getattr(case, name) != getattr(former, name)]
            case.revision = former.revision + 1
            if former.closed_on is None:
                case.survey_released_at = self._released(case)
                were_open.append(case)
            else:
                cases.append(case)
            acts.append(Act("cases.changed", Case._meta.label, str(former.pk), {"fields": fields or ["contact"]}))
            if case.closed_on is not None and not NOT_EVIDENCE.issuperset(fields):
                scored.append(former.pk)
        # An upsert by the natural key: one statement for all, where CASE WHEN for each field is many times slower.
        # A release that a manager gives meanwhile is not written over: only a case that was open is released here.
        # Whoever asks looks at each once more, for it may have another client now.
        for rows, more in ((cases, ()), (were_open, ("survey_released_at",))):
            Case.with_open.bulk_create(
                rows, update_conflicts=True, unique_fields=["centre", "number"], update_fields=[*UPDATED, *more]
            )
        evidence_changed(scored)
        return acts
