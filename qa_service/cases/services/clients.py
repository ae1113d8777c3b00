"""Clients of a batch: found by the centre and the keyed indexes of number and name, or created with their plans."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from qa_service.audit.services import Act
from qa_service.cases.enums import ContactReason
from qa_service.cases.intake import ClientInput, Entry, takes_texts
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.queries import with_a_case
from qa_service.cases.services.contact import (
    PLAN_FIELDS,
    allow_unshared,
    forbid_shared,
    inherit,
    new_plan,
    reachable_again,
    tighten,
)
from qa_service.common import phones
from qa_service.common.encryption import blind_index
from qa_service.organisations.models import Organisation

# (index of the number, index of the name)
Key = tuple[str, str]
FACTS = ("gender", "birth_year", "group")
# An export that says nothing of these takes nothing away.
PLACES = ("township", "dialect")


class Clients:
    """The clients of one batch."""

    def __init__(self, *, centre: Organisation, consent_days: int, now: datetime) -> None:
        self._centre = centre
        self._consent = timedelta(days=consent_days)
        self._now = now
        self._keys: dict[ClientInput, Key] = {}
        self._ids: dict[Key, int] = {}
        # The present number of those who were looked up by it.
        self._numbers: dict[int, str] = {}
        # The case a new client was made from: its own plan already says all that this row says.
        self._origin: dict[int, Entry] = {}
        # To whom texts may go again: they have a usable number now, or nobody else has theirs any more.
        self._reachable_again: list[int] = []

    def acts(self) -> list[Act]:
        """What staff who open a plan see of it: who loosened it, and that nobody was asked."""
        return [reachable_again(pk) for pk in dict.fromkeys(self._reachable_again)]

    def key(self, client: ClientInput) -> int:
        return self._ids[self._keys[client]]

    def prepare(self, cases: Sequence[Entry], *, former: Mapping[str, int]) -> None:
        """Find or create the clients of these cases and make their plans as safe as the rows say.

        `former` names, by case number, the client a changed case had until now.
        """
        indexes: dict[str, str] = {}
        for case in cases:
            client = case.client
            for text in (client.phone, client.name):
                if text not in indexes:
                    indexes[text] = blind_index(text)
            self._keys[client] = indexes[client.phone], indexes[client.name]
        had = dict(Client.objects.filter(pk__in=former.values()).values_list("pk", "phone_index"))
        self._find(had=set(had.values()))
        self._correct([case for case in cases if case.number in former])
        created = self._create(cases)
        self._keep_plans(cases, created=created, former=former, had=had)

    def _find(self, *, had: set[str]) -> None:
        """By number, so that other people with the same number are seen too; by name where there is no number.

        `had` are the numbers that the changed cases came with until now: whoever shared one may be alone with it.
        """
        numbers = {phone for phone, _name in self._keys.values()} | had
        numbers.discard("")
        names = {name for phone, name in self._keys.values() if not phone}
        condition = Q(phone_index__in=numbers) | Q(phone_index="", name_index__in=names)
        if not names:
            condition = Q(phone_index__in=numbers)
        rows = Client.objects.filter(condition, centre=self._centre).values_list("phone_index", "name_index", "pk")
        for phone, name, pk in rows:
            self._ids[phone, name] = pk
            self._numbers[pk] = phone
        # Staff have learnt another number since: the export's is the former one of the same person.
        moved = Client.objects.filter(former_phone_index__in=numbers, centre=self._centre)
        for phone, name, pk in moved.values_list("former_phone_index", "name_index", "pk"):
            self._ids.setdefault((phone, name), pk)
        self._find_renamed({name for _phone, name in self._keys.values()})

    def _find_renamed(self, names: set[str]) -> None:
        """The person has asked for the name to be put right since: the export goes on using the former one."""
        renamed = Client.objects.filter(centre=self._centre, former_name_index__in=names - {""})
        for phone, former, name, pk in renamed.values_list(
            "phone_index", "former_phone_index", "former_name_index", "pk"
        ):
            for number in dict.fromkeys((phone, former) if former else (phone,)):
                self._ids.setdefault((number, name), pk)

    def _create(self, cases: Iterable[Entry]) -> dict[int, ContactPlan]:
        fresh: dict[Key, Entry] = {}
        for case in cases:
            key = self._keys[case.client]
            if key not in self._ids:
                fresh.setdefault(key, case)
        clients = Client.objects.bulk_create([self._client(key, case.client) for key, case in fresh.items()])
        plans: dict[int, ContactPlan] = {}
        for client, (key, case) in zip(clients, fresh.items(), strict=True):
            self._ids[key] = client.pk
            self._numbers[client.pk] = key[0]
            self._origin[client.pk] = case
            plans[client.pk] = new_plan(client_id=client.pk, contact=case.contact, expires_on=self._expiry(case))
        return plans

    def _expiry(self, case: Entry) -> date:
        return case.spoken_on + self._consent

    def _client(self, key: Key, read: ClientInput) -> Client:
        return Client(
            centre_id=self._centre.pk,
            name=read.name,
            name_index=key[1],
            phone=read.phone,
            phone_index=key[0],
            phone_masked=phones.mask(read.phone),
            gender=read.gender,
            birth_year=read.birth_year,
            group=read.group,
            township=read.township,
            dialect=read.dialect,
            created_at=self._now,
            updated_at=self._now,
        )

    def _correct(self, changed: Sequence[Entry]) -> None:
        """A changed row may correct what is known of the person; a row that merely repeats an older age may not."""
        read = {self._ids[key]: case.client for case in changed if (key := self._keys[case.client]) in self._ids}
        stale = []
        # The older first, as everywhere: a statement that writes many at once takes them as they come.
        held = Client.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=read).order_by("pk")
        for client in held.defer("name", "phone"):
            given = read[client.pk]
            facts = {name: getattr(given, name) for name in FACTS}
            facts |= {name: getattr(given, name) for name in PLACES if getattr(given, name)}
            if any(getattr(client, name) != fact for name, fact in facts.items()):
                for name, fact in facts.items():
                    setattr(client, name, fact)
                client.updated_at = self._now
                stale.append(client)
        Client.objects.bulk_update(stale, [*FACTS, *PLACES, "updated_at"], batch_size=100)

    def _keep_plans(
        self,
        cases: Sequence[Entry],
        *,
        created: dict[int, ContactPlan],
        former: Mapping[str, int],
        had: Mapping[int, str],
    ) -> None:
        known = set(self._ids.values()) - created.keys()
        known |= set(former.values())
        # Held, so that what staff write meanwhile is not written over.
        held = ContactPlan.objects.select_for_update().filter(client_id__in=known).order_by("pk")
        stored = {plan.client_id: plan for plan in held}
        plans = stored | created
        touched: dict[int, ContactPlan] = {}
        for case in cases:
            key = self.key(case.client)
            plan = plans[key]
            earlier = plans.get(former.get(case.number, 0))
            changed = self._origin.get(key) is not case and tighten(
                plan,
                case.contact,
                expires_on=self._expiry(case),
                of_this_number=self._numbers.get(key) == self._keys[case.client][0],
            )
            if earlier is not None and earlier is not plan:
                usable = takes_texts(case.client.phone) and had[earlier.client_id] != self._keys[case.client][0]
                changed = inherit(plan, earlier, usable_instead=usable) or changed
                if usable and earlier.reason == ContactReason.NUMBER_INVALID:
                    self._reachable_again.append(plan.client_id)
            if changed:
                touched[plan.client_id] = plan
        touched |= self._compare_numbers(cases, plans, former=former)
        ContactPlan.objects.bulk_create(created.values())
        stale = [plan for pk, plan in touched.items() if pk not in created]
        for plan in stale:
            plan.revision += 1
        ContactPlan.objects.bulk_update(stale, PLAN_FIELDS, batch_size=50)

    def _compare_numbers(
        self, cases: Sequence[Entry], plans: Mapping[int, ContactPlan], *, former: Mapping[str, int]
    ) -> dict[int, ContactPlan]:
        """Forbid texts to a number that several clients have now, and allow them where that was found and has ended."""
        people: dict[str, list[int]] = {}
        for pk, phone in self._numbers.items():
            if phone:
                people.setdefault(phone, []).append(pk)
        named = {self.key(case.client) for case in cases}
        others = {pk for sharing in people.values() if len(sharing) > 1 for pk in sharing}
        others |= {pk for pk in self._numbers.keys() & plans.keys() if plans[pk].found_shared}
        leaving = Q(centre=self._centre, number__in=former) if former else None
        still = with_a_case(Client.objects.filter(pk__in=others - named), leaving=leaving)
        clients = named | set(still.values_list("pk", flat=True))
        shared = {pk for sharing in people.values() if len(both := clients.intersection(sharing)) > 1 for pk in both}
        changed = {plan.client_id: plan for plan in forbid_shared(plans[pk] for pk in shared)}
        alone = (clients & self._numbers.keys()) - shared
        for plan in allow_unshared(plans[pk] for pk in alone):
            changed[plan.client_id] = plan
            self._reachable_again.append(plan.client_id)
        return changed
