"""The cases of an invented country with what is known of them, written table by table for some cases at a time."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings

from qa_service.cases.enums import CaseType, Stage
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.common import phones
from qa_service.common.encryption import blind_index, encrypt
from qa_service.country.answers import AnswerTables, Said
from qa_service.country.copying import Table, count_on
from qa_service.country.places import Country, person_name
from qa_service.country.results import Result, results_in_life
from reviews.enums import ResultState, Standing
from reviews.models import CaseReview
from scoring.calculation import case_derivation, stored, weigh_case
from scoring.evidence import CaseEvidence, FileReview, Filing
from scoring.models import CaseScore
from scoring.queries.evidence import STAGES_WITH_AN_ORGAN
from scoring.queries.schemes import rules_by, scheme_in_force

# What comes how often, with what it is about and where it is decided.
KINDS: tuple[tuple[CaseType, Stage, str, str, int], ...] = (
    (CaseType.CIVIL, Stage.FIRST_INSTANCE, "追索劳动报酬", "人民法院", 45),
    (CaseType.CIVIL, Stage.ARBITRATION, "工伤待遇", "", 12),
    (CaseType.CRIMINAL, Stage.TRIAL, "盗窃", "人民法院", 20),
    (CaseType.CRIMINAL, Stage.INVESTIGATION, "诈骗", "公安局", 12),
    (CaseType.ADMINISTRATIVE, Stage.FIRST_INSTANCE, "行政处罚", "人民法院", 3),
    (CaseType.NON_LITIGATION, Stage.NON_LITIGATION, "代拟法律文书", "", 8),
)
READ_AFTER, ASKED_AFTER, ANSWERED_AFTER = (timedelta(days=days) for days in (30, 3, 6))
OBJECTION = timedelta(days=14)
LONGEST, LATEST = 240, 45
OF_THE_CASE = ("lawyer_id", "firm_id", "station_id", "centre_id", "case_type", "closed_on")


@dataclass(slots=True)
class Drawn:
    """One case as the lot had it; the keys of a case, its client and its result are one number."""

    pk: int
    lawyer: int
    firm: int
    centre: int
    station: int | None
    kind: tuple[CaseType, Stage, str, str, int]
    closed_on: date
    filed_on: date
    phone_index: str
    result: Result | None
    said: Said | None

    @property
    def of_the_case(self) -> tuple[Any, ...]:
        return (self.lawyer, self.firm, self.station, self.centre, self.kind[0], self.closed_on)


class CaseTables:
    """Where chunks of cases are written. The same numbers give the same cases, whatever the chunks."""

    def __init__(self, *, country: Country, first: date, last: date, now: datetime) -> None:
        self.country, self.first, self.last, self.now = country, first, last, now
        self.days = (last - first).days + 1
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.results = {kind: results_in_life(kind[0], kind[1]) for kind in KINDS}
        self.scheme = scheme_in_force()
        self.rules = rules_by(self.scheme)
        self.answers = AnswerTables(self.scheme, self.rules, OF_THE_CASE, now)
        made = {"created_at": now, "updated_at": now}
        self.clients = Table(
            Client, ["id", "public_id", "centre_id", "name", "name_index", "phone", "phone_index", "phone_masked"], made
        )
        self.plans = Table(ContactPlan, ["client_id"])
        self.cases = Table(
            Case,
            ["id", "public_id", "client_id", "number", "stage", "cause", "organ", "accepted_on", "assigned_on",
             "filed_on", "content_hash", *OF_THE_CASE],
            made | {"outcome": "判决", "first_seen_at": now, "survey_released_at": now, "survey_settled_at": now},
        )  # fmt: skip
        self.reviews = Table(
            CaseReview,
            ["id", "public_id", "case_id", "checklist_id", "score", "grade", "method", "readers", "agreed", "items",
             "created_at", "released_at", "objection_until", "told_lawyer_id"],
            {"version": 1, "state": ResultState.RELEASED, "veto_state": Standing.CLEAR, "spread": 0, "limited": False,
             "reason": "评查完成"},
        )  # fmt: skip
        self.scores = Table(
            CaseScore,
            ["public_id", "case_id", "score", "grade", "provisional", "coverage", "released_on", "derivation", "sha256",
             *OF_THE_CASE],
            {"scheme": self.scheme, "review_version": 1, "evidence_version": 1, "computed_at": now},
        )  # fmt: skip
        self.names: dict[str, tuple[str, str]] = {}

    def write(self, numbers: Iterable[int], *, read: int, answered: int) -> None:
        drawn = [self._drawn(n, read=read, answered=answered) for n in numbers]
        self.clients.write(self._client(each) for each in drawn)
        self.plans.write((each.pk,) for each in drawn)
        self.cases.write(self._case(each) for each in drawn)
        self.reviews.write(self._review(each, each.result) for each in drawn if each.result)
        self.scores.write(self._score(each, each.result) for each in drawn if each.result)
        self.answers.write([(each.pk, each.phone_index, each.of_the_case, each.said) for each in drawn if each.said])

    def finish(self) -> None:
        """What the database numbers from here on comes after what has numbers."""
        count_on([Client, Case, CaseReview, *self.answers.numbered])

    def _drawn(self, number: int, *, read: int, answered: int) -> Drawn:
        chance = random.Random(number)  # noqa: S311 - invented rows
        kind = chance.choices(KINDS, weights=[each[-1] for each in KINDS])[0]
        lawyer = number % len(self.country.firm_of)
        firm = self.country.firm_of[lawyer]
        centre = self.country.centre_of[firm - 1]
        closed_on = self.first + timedelta(days=chance.randrange(self.days))
        heard = chance.randrange(100) < answered and closed_on + ANSWERED_AFTER <= self.last
        return Drawn(
            pk=number + 1,
            lawyer=lawyer + 1,
            firm=firm,
            centre=centre,
            station=self.country.station_of[centre] if number % 2 else None,
            kind=kind,
            closed_on=closed_on,
            filed_on=min(closed_on + timedelta(days=chance.randrange(3, LATEST)), self.last),
            phone_index=blind_index(self._phone(number)),
            result=self._result(kind, lawyer, chance) if chance.randrange(100) < read else None,
            said=Said.drawn(chance, asked=_noon(closed_on + ASKED_AFTER), at=_noon(closed_on + ANSWERED_AFTER))
            if heard
            else None,
        )

    def _result(self, kind: tuple[Any, ...], lawyer: int, chance: random.Random) -> Result:
        """Lawyers differ: each has a level, about which their files scatter."""
        found, level = self.results[kind], random.Random(-1 - lawyer).gauss(0.5, 0.12)  # noqa: S311 - invented rows
        return found[min(len(found) - 1, max(0, int(chance.gauss(level, 0.25) * len(found))))]

    @staticmethod
    def _phone(number: int) -> str:
        return f"+86170{number:08d}"

    def _client(self, each: Drawn) -> tuple[Any, ...]:
        name, phone = person_name(each.pk * 7), self._phone(each.pk - 1)
        if name not in self.names:
            self.names[name] = (encrypt(name), blind_index(name))
        return (each.pk, uuid4(), each.centre, *self.names[name], encrypt(phone), each.phone_index, phones.mask(phone))

    def _case(self, each: Drawn) -> tuple[Any, ...]:
        accepted = each.closed_on - timedelta(days=60 + each.pk % LONGEST)
        _type, stage, cause, organ, _share = each.kind
        number = f"援〔{accepted.year}〕{each.pk}号"
        return (
            each.pk, uuid4(), each.pk, number, stage, cause, organ, accepted, accepted + timedelta(days=2),
            each.filed_on, f"{each.pk:064d}", *each.of_the_case,
        )  # fmt: skip

    def _released_at(self, each: Drawn) -> datetime:
        return min(_noon(each.closed_on + READ_AFTER), self.now)

    def _review(self, each: Drawn, result: Result) -> tuple[Any, ...]:
        at = self._released_at(each)
        return (
            each.pk, uuid4(), each.pk, result.checklist_id, result.score, result.grade, result.method, result.readers,
            result.agreed, result.items, at, at, at.date() + OBJECTION, each.lawyer,
        )  # fmt: skip

    def _score(self, each: Drawn, result: Result) -> tuple[Any, ...]:
        """As the sweep would come to it from these very rows."""
        evidence = CaseEvidence(
            review=FileReview(version=1, score=result.score, settled=True, readers=result.readers),
            filing=Filing(counted_from=each.closed_on, filed_on=each.filed_on),
            organ_applies=each.kind[1] in STAGES_WITH_AN_ORGAN and bool(each.kind[3]),
        )
        weighed = weigh_case(evidence, self.rules)
        derivation = case_derivation(evidence, self.rules, weighed)
        return (
            uuid4(), each.pk, None if weighed.score is None else stored(weighed.score), weighed.grade,
            weighed.provisional, stored(weighed.coverage), self._released_at(each).astimezone(self.zone).date(),
            derivation.decode(), sha256(derivation).hexdigest(), *each.of_the_case,
        )  # fmt: skip


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)
