"""Stations, firms and lawyers that an export names: found, or created unconfirmed for a person to look at."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from qa_service.cases.intake import CaseInput
from qa_service.organisations.enums import FirmKind, LawyerKind, OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Membership, Organisation
from qa_service.organisations.queries import firms_by_name, stations_by_name
from qa_service.organisations.services import found_organisation

LAWYER_KINDS = {
    FirmKind.LAW_FIRM: LawyerKind.LAWYER,
    FirmKind.SERVICE_OFFICE: LawyerKind.LEGAL_WORKER,
    FirmKind.CENTRE_STAFF: LawyerKind.CENTRE_STAFF,
    FirmKind.VOLUNTEERS: LawyerKind.VOLUNTEER,
}


class Registry:
    """What one import has already looked up. Call `prepare` inside the batch's transaction, centre locked."""

    def __init__(self, *, centre: Organisation, actor: Actor, now: datetime) -> None:
        self._centre = centre
        self._actor = actor
        self._now = now
        self._stations = stations_by_name(centre)
        self._firms = firms_by_name(centre)
        self._lawyers: dict[str, tuple[int, str]] = {}
        self._members: dict[tuple[int, int], date] = {}

    def prepare(self, cases: Iterable[CaseInput]) -> None:
        """Make sure that everybody and everything these cases name exists."""
        cases = list(cases)
        self._prepare_stations({case.station_name for case in cases if case.station_name})
        self._prepare_firms({case.firm_name: case.firm_kind for case in cases})
        self._prepare_lawyers({case.licence_number: case for case in cases})
        self._prepare_memberships(cases)

    def station(self, name: str) -> int | None:
        return self._stations[name] if name else None

    def firm(self, name: str) -> int:
        return self._firms[name]

    def lawyer(self, licence_number: str) -> int:
        return self._lawyers[licence_number][0]

    def lawyer_name(self, licence_number: str) -> str:
        """The name the register has, which an export may write otherwise."""
        return self._lawyers[licence_number][1]

    def _prepare_stations(self, names: set[str]) -> None:
        for name in sorted(names - self._stations.keys()):
            node = found_organisation(
                kind=OrganisationKind.STATION,
                code=self._free_code(),
                name=name,
                parent=self._centre,
                actor=self._actor,
                confirmed=False,
                now=self._now,
            )
            self._stations[name] = node.pk

    def _free_code(self) -> str:
        """The centre's code and the next free number: stations of an export have names only."""
        stem = f"{self._centre.code[:24]}-"
        taken = set(Organisation.objects.filter(code__startswith=stem).values_list("code", flat=True))
        number = len(taken) + 1
        while f"{stem}{number:03d}" in taken:
            number += 1
        return f"{stem}{number:03d}"

    def _prepare_firms(self, kinds: dict[str, FirmKind]) -> None:
        unknown = [name for name in sorted(kinds) if name not in self._firms]
        firms = Firm.objects.bulk_create([Firm(centre=self._centre, name=name, kind=kinds[name]) for name in unknown])
        self._firms.update({firm.name: firm.pk for firm in firms})
        self._record("organisations.firm_seen", Firm._meta.label, [firm.pk for firm in firms])

    def _prepare_lawyers(self, wanted: dict[str, CaseInput]) -> None:
        self._find_lawyers(wanted.keys() - self._lawyers.keys())
        unknown = sorted(wanted.keys() - self._lawyers.keys())
        if not unknown:
            return
        # Lawyers belong to no centre: another centre's import may add the same one at this moment.
        Lawyer.objects.bulk_create(
            [
                Lawyer(
                    name=wanted[licence].lawyer_name,
                    licence_number=licence,
                    kind=LAWYER_KINDS[wanted[licence].firm_kind],
                )
                for licence in unknown
            ],
            ignore_conflicts=True,
        )
        self._find_lawyers(unknown)
        self._record(
            "organisations.lawyer_seen", Lawyer._meta.label, [self._lawyers[licence][0] for licence in unknown]
        )

    def _find_lawyers(self, licences: Iterable[str]) -> None:
        found = Lawyer.objects.filter(licence_number__in=list(licences)).values_list("licence_number", "pk", "name")
        self._lawyers.update({licence: (pk, name) for licence, pk, name in found})

    def _prepare_memberships(self, cases: list[CaseInput]) -> None:
        """A case is proof that the lawyer was with the firm when it was assigned; the earliest proof counts."""
        first: dict[tuple[int, int], date] = {}
        for case in cases:
            pair = self.lawyer(case.licence_number), self.firm(case.firm_name)
            day = case.assigned_on or case.accepted_on
            if day < first.get(pair, date.max):
                first[pair] = day
        unsure = {pair for pair in first if pair not in self._members}
        if unsure:
            self._find_memberships(unsure)
        fresh = [pair for pair in first if pair not in self._members]
        Membership.objects.bulk_create(
            [Membership(lawyer_id=pair[0], firm_id=pair[1], starts_on=first[pair]) for pair in fresh]
        )
        for pair in [pair for pair in first if first[pair] < self._members.get(pair, date.min)]:
            Membership.objects.filter(
                lawyer_id=pair[0], firm_id=pair[1], starts_on=self._members[pair], starts_on__gt=first[pair]
            ).update(starts_on=first[pair])
        for pair, day in first.items():
            self._members[pair] = min(day, self._members.get(pair, day))

    def _find_memberships(self, pairs: set[tuple[int, int]]) -> None:
        rows = Membership.objects.filter(
            Q(lawyer_id__in={pair[0] for pair in pairs}), Q(firm_id__in={pair[1] for pair in pairs})
        ).values_list("lawyer_id", "firm_id", "starts_on")
        for lawyer_id, firm_id, starts_on in rows:
            known = self._members.get((lawyer_id, firm_id), starts_on)
            self._members[lawyer_id, firm_id] = min(known, starts_on)

    def _record(self, action: str, label: str, keys: Iterable[int]) -> None:
        acts = [Act(action, label, str(pk)) for pk in keys]
        if acts:
            record_many(actor=self._actor, acts=acts, at=self._now)
