"""The published list of reviewers, as each of its readers may see it; and who may read one file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import firms_of, organisations_reached, own_work
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Membership, Organisation
from reviews.conflicts import CAPACITY, objections_to, reads_such
from reviews.enums import MANAGING, AssignmentState, ConflictReason
from reviews.models import Assignment, KnownTie, Relation, ReviewerObjection, ReviewerTerms
from reviews.queries.reviewers import case_facts, facts_for_giving, reviewers_by_centre, reviewers_of


@dataclass(frozen=True, slots=True)
class Listed:
    """One reviewer as published. `practising_since`: None where it is not known; `case_types`: empty for all.

    `open_files` is for managers: None to others, who are not told who reads how much.
    """

    person: User
    firms: tuple[str, ...]
    practising_since: date | None
    case_types: tuple[str, ...]
    capacity: int
    open_files: int | None


@dataclass(frozen=True, slots=True)
class CentreList:
    centre: Organisation
    reviewers: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class MayRead:
    """Whether a reviewer may read a file, with everything that stands in the way."""

    person: User
    reasons: tuple[ConflictReason, ...]
    other_type: bool
    full: bool

    @property
    def free(self) -> bool:
        return not (self.reasons or self.other_type or self.full)


def centres_of_list(user: User) -> QuerySet[Organisation]:
    """Whose list a person reads: where they manage or review, and where their firms are."""
    reached = organisations_reached(user, *MANAGING, Role.REVIEWER)
    ids = set(reached.filter(kind=OrganisationKind.CENTRE).values_list("pk", flat=True))
    if user.lawyer_id and user.has_role(Role.LAWYER):
        own = Membership.objects.filter(lawyer=user.lawyer_id, ends_on=None)
        ids |= set(own.values_list("firm__centre_id", flat=True))
    ids |= set(Firm.objects.filter(pk__in=firms_of(user)).values_list("centre_id", flat=True))
    return Organisation.objects.filter(pk__in=ids).order_by("path")


def published_list(centres: Iterable[Organisation], *, managing: bool) -> list[CentreList]:
    rows = list(centres)
    listed = reviewers_by_centre(rows)
    by_centre = [(centre, listed[centre.pk]) for centre in rows]
    people = {person.pk: person for _centre, found in by_centre for person in found}
    terms = {row.reviewer_id: row for row in ReviewerTerms.objects.filter(reviewer__in=people)}
    firms: dict[int, list[str]] = defaultdict(list)
    members = Membership.objects.filter(lawyer__in=[p.lawyer_id for p in people.values() if p.lawyer_id], ends_on=None)
    for lawyer_id, name in members.values_list("lawyer_id", "firm__name").order_by("firm__name"):
        firms[lawyer_id].append(name)
    loads: dict[int, int] = {}
    if managing:
        held = Assignment.objects.filter(reviewer__in=people, state=AssignmentState.OPEN)
        loads = dict(held.values_list("reviewer_id").annotate(Count("pk")).order_by())
    return [
        CentreList(
            centre,
            tuple(
                _listed(p, terms.get(p.pk), firms[p.lawyer_id or 0], loads.get(p.pk, 0) if managing else None)
                for p in found
            ),
        )
        for centre, found in by_centre
    ]


def _listed(person: User, terms: ReviewerTerms | None, firms: Iterable[str], load: int | None) -> Listed:
    return Listed(
        person,
        tuple(dict.fromkeys(firms)),
        terms.practising_since if terms else None,
        tuple(str(CaseType(kind).label) for kind in (terms.case_types if terms else ())),
        terms.capacity if terms else CAPACITY,
        load,
    )


def reviewers_managed_by(user: User) -> QuerySet[User]:
    """Reviewers whose terms this person sets: of their centres, but not themselves."""
    centres = organisations_reached(user, *MANAGING).filter(kind=OrganisationKind.CENTRE)
    ids = {person.pk for found in reviewers_by_centre(centres).values() for person in found}
    return User.objects.filter(pk__in=ids - {user.pk}).order_by("pk")


def reviewers_listed_for(user: User) -> dict[int, Organisation]:
    """Everybody on the lists the person reads, each with a centre whose list it is."""
    centres = list(centres_of_list(user))
    found = reviewers_by_centre(centres)
    return {person.pk: centre for centre in reversed(centres) for person in found[centre.pk]}


def objections_to_reviewers(user: User) -> QuerySet[ReviewerObjection]:
    """Those the person may see, waiting ones first."""
    seen = ReviewerObjection.objects.visible_to(user).select_related("reviewer", "lawyer", "decided_by")
    return seen.order_by("decided_at", "-lodged_at", "-pk")


def lawyers_who_object_on_paper(user: User) -> QuerySet[Lawyer]:
    """Lawyers whom a centre of the manager knows."""
    paths = organisations_reached(user, *MANAGING).values("pk")
    return Lawyer.objects.filter(memberships__firm__centre__in=paths).distinct()


def relations_declared_by(user: User) -> QuerySet[Relation]:
    """Those that stand, the newest first.

    `of_file`: the number of the file with which it was declared, where that is read blind: its reader, who gave it
    back, is told nobody's name by it. Empty where they named the lawyer or firm themselves.
    """
    given_back = Assignment.objects.filter(
        reviewer=OuterRef("reviewer"),
        state=AssignmentState.DECLINED,
        closed_at=OuterRef("declared_at"),
        case__centre__settings__blind_review=True,
    )
    of_file = Coalesce(Subquery(given_back.values("case__number")[:1]), Value(""))
    return relations_of(user).filter(taken_back_at=None).annotate(of_file=of_file)


def relations_of(person: User) -> QuerySet[Relation]:
    """Those taken back too, for whoever manages."""
    return Relation.objects.filter(reviewer=person).select_related("lawyer", "firm").order_by("-declared_at", "-pk")


def relation_to(user: User, whom: UUID) -> QuerySet[Relation]:
    """The standing one of this person; `whom`: the public id of the lawyer or firm."""
    return relations_declared_by(user).filter(Q(lawyer__public_id=whom) | Q(firm__public_id=whom))


def cases_whose_readers_are_named_by(user: User) -> QuerySet[Case]:
    """Closed cases of the manager's places, but those that they or their firm handled."""
    managed = Case.objects.filter(centre__in=organisations_reached(user, *MANAGING).values("pk"))
    return managed.exclude(own_work(user, lawyer="lawyer", firm="firm"))


def ties_known(case: Case) -> QuerySet[KnownTie]:
    standing = KnownTie.objects.filter(case=case, taken_out_at=None)
    return standing.select_related("opposing_firm", "earlier_lawyer", "entered_by").order_by("pk")


def ties_taken_out_by(user: User) -> QuerySet[KnownTie]:
    return KnownTie.objects.filter(case__in=cases_whose_readers_are_named_by(user)).select_related("case__centre")


def who_may_read(case: Case, *, today: date) -> list[MayRead]:
    """Every reviewer of the centre, those who are free first."""
    people = reviewers_of(case.centre)
    facts, of_case = facts_for_giving(people, today=today), case_facts([case])[case.pk]
    found = [
        MayRead(
            person,
            objections_to(facts[person.pk], of_case),
            not reads_such(facts[person.pk], of_case),
            facts[person.pk].load >= facts[person.pk].capacity,
        )
        for person in people
    ]
    return sorted(found, key=lambda each: (not each.free, bool(each.reasons), facts[each.person.pk].load))


def waiting_objections(user: User) -> int:
    """To reviewers, for this manager to decide."""
    waiting = ReviewerObjection.objects.visible_to(user).filter(decided_at=None)
    own = Q(lawyer=user.lawyer_id) if user.lawyer_id else Q(pk__in=[])
    return waiting.exclude(own).count()
