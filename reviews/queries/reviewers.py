"""Who reviews for a centre, and what stands between them and a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import people_with
from qa_service.cases.models import Case
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Lawyer, Membership, Organisation
from qa_service.organisations.queries import namesakes
from reviews.conflicts import CAPACITY, CaseFacts, ReviewerFacts, bars_marking, bars_reading, conflicts
from reviews.enums import (
    ACTIVE_ASSIGNMENTS,
    AssignmentState,
    CalibrationState,
    ConflictReason,
    ReviewerObjectionState,
    TrialState,
    VetoEffect,
    VetoState,
)
from reviews.models import (
    Assignment,
    KnownTie,
    Objection,
    Panelist,
    Relation,
    ReviewerObjection,
    ReviewerTerms,
    SampledCase,
    Trial,
    VetoMark,
)

# A firm, and the day on which it was left.
Belonging = tuple[int, date | None]
# Domain 4.8: reviewers have practised for three years. It says nothing of whom that is not known.
PRACTICE = timedelta(days=3 * 365)
# Whose files somebody has read of late: turns are taken within a year.
OF_LATE = timedelta(days=365)


def reviewers_of(centre: Organisation) -> list[User]:
    return list(people_with(Role.REVIEWER, centre).order_by("pk"))


def reviewers_by_centre(centres: Iterable[Organisation]) -> dict[int, list[User]]:
    """As `reviewers_of` for all of them at once, by the id of each: two queries."""
    rows = list(centres)
    above = {centre.pk: _path_and_above(centre.path) for centre in rows}
    grants = Grant.objects.filter(
        role=Role.REVIEWER,
        user__is_active=True,
        organisation__path__in={path for paths in above.values() for path in paths},
    )
    holders: dict[str, set[int]] = defaultdict(set)
    for path, user_id in grants.values_list("organisation__path", "user_id"):
        holders[path].add(user_id)
    people = User.objects.in_bulk({user_id for found in holders.values() for user_id in found})
    found = {pk: set().union(*(holders[path] for path in paths)) for pk, paths in above.items()}
    return {pk: [people[user_id] for user_id in sorted(ids)] for pk, ids in found.items()}


def _path_and_above(path: str) -> list[str]:
    step = Organisation.steplen
    return [path[:length] for length in range(step, len(path) + 1, step)]


def facts_for_giving(reviewers: Iterable[User], *, today: date) -> dict[int, ReviewerFacts]:
    """What is needed to give out files: beside the ties of each their load, their terms and what they lack."""
    facts = reviewer_facts(reviewers)
    ids = list(facts)
    open_counts = Assignment.objects.filter(reviewer__in=ids, state=AssignmentState.OPEN)
    loads = dict(open_counts.values_list("reviewer_id").annotate(Count("pk")))
    terms = {row.reviewer_id: row for row in ReviewerTerms.objects.filter(reviewer__in=ids)}
    lawyers = {each.lawyer_id for each in facts.values() if each.lawyer_id is not None}
    under_veto = set(_confirmed_vetoes().filter(_of_lawyers(lawyers)).values_list(_LAWYER, flat=True))
    read_of = _files_read(ids, since=today - OF_LATE)
    return {
        pk: replace(
            each,
            load=loads.get(pk, 0),
            capacity=terms[pk].capacity if pk in terms else CAPACITY,
            case_types=frozenset(terms[pk].case_types if pk in terms else ()),
            lacking=_lacking(terms.get(pk), vetoed=each.lawyer_id in under_veto, today=today),
            read_of=read_of[pk],
        )
        for pk, each in facts.items()
    }


_LAWYER = "review__assignment__case__lawyer"


def _confirmed_vetoes() -> QuerySet[VetoMark]:
    """But for those that lie at the centre's door."""
    stands = Q(state=VetoState.CONFIRMED, review__assignment__state=AssignmentState.SUBMITTED)
    return VetoMark.objects.filter(stands).exclude(veto__effect=VetoEffect.CENTRE_FAILS)


def _of_lawyers(lawyers: Iterable[int]) -> Q:
    return Q(**{f"{_LAWYER}__in": list(lawyers)})


def _files_read(reviewers: Iterable[int], *, since: date) -> Mapping[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Assignment.objects.filter(reviewer__in=list(reviewers), state__in=ACTIVE_ASSIGNMENTS)
    counted = rows.filter(assigned_at__date__gte=since).values_list("reviewer_id", "case__lawyer_id")
    for reviewer_id, lawyer_id, count in counted.annotate(n=Count("pk")).order_by():
        found[reviewer_id][lawyer_id] = count
    return found


def _lacking(terms: ReviewerTerms | None, *, vetoed: bool, today: date) -> tuple[ConflictReason, ...]:
    since = terms.practising_since if terms else None
    found = [ConflictReason.TOO_NEW] if since is not None and since > today - PRACTICE else []
    return (*found, ConflictReason.UNDER_VETO) if vetoed else tuple(found)


def reviewer_facts(reviewers: Iterable[User]) -> dict[int, ReviewerFacts]:
    """What ties each of them to others: eight queries, whatever their number."""
    people = list(reviewers)
    lawyers = {person.lawyer_id: person.pk for person in people if person.lawyer_id}
    ids = [person.pk for person in people]
    firms: dict[int, list[Belonging]] = defaultdict(list)
    counties: dict[int, set[int]] = defaultdict(set)
    memberships = Membership.objects.filter(lawyer__in=lawyers)
    for lawyer_id, firm_id, left_on, centre_id in memberships.values_list(
        "lawyer_id", "firm_id", "ends_on", "firm__centre_id"
    ):
        firms[lawyers[lawyer_id]].append((firm_id, left_on))
        if left_on is None:
            counties[lawyers[lawyer_id]].add(centre_id)
    at_centres = User.objects.filter(pk__in=ids, organisation__kind=OrganisationKind.CENTRE)
    for user_id, centre_id in at_centres.values_list("pk", "organisation_id"):
        counties[user_id].add(centre_id)
    headed = Grant.objects.filter(user__in=ids, firm__isnull=False)
    for user_id, firm_id in headed.values_list("user_id", "firm_id"):
        firms[user_id].append((firm_id, None))
    related: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for user_id, lawyer_id, firm_id in Relation.objects.filter(reviewer__in=ids, taken_back_at=None).values_list(
        "reviewer_id", "lawyer_id", "firm_id"
    ):
        related[user_id][0].update({lawyer_id} - {None})
        related[user_id][1].update({firm_id} - {None})
    known = {firm_id for belonging in firms.values() for firm_id, _left_on in belonging}
    same = namesakes(known.union(*(of_firms for _lawyers, of_firms in related.values())))
    refused, asked_away = _objected_to(ids)
    return {
        person.pk: ReviewerFacts(
            user_id=person.pk,
            lawyer_id=person.lawyer_id,
            firms=_left_last((twin, left_on) for firm_id, left_on in firms[person.pk] for twin in same[firm_id]),
            related_lawyers=frozenset(related[person.pk][0]),
            related_firms=frozenset().union(*(same[firm_id] for firm_id in related[person.pk][1])),
            counties=frozenset(counties[person.pk]),
            refused_by=frozenset(refused[person.pk]),
            asked_away_by=frozenset(asked_away[person.pk]),
        )
        for person in people
    }


def _objected_to(reviewers: Iterable[int]) -> tuple[Mapping[int, set[int]], Mapping[int, set[int]]]:
    """Lawyers whose objection to each was upheld, and those whose objection is not decided yet."""
    upheld: dict[int, set[int]] = defaultdict(set)
    lodged: dict[int, set[int]] = defaultdict(set)
    rows = ReviewerObjection.objects.barring().filter(reviewer__in=list(reviewers))
    for reviewer_id, lawyer_id, state in rows.values_list("reviewer_id", "lawyer_id", "state"):
        (upheld if state == ReviewerObjectionState.UPHELD else lodged)[reviewer_id].add(lawyer_id)
    return upheld, lodged


def _left_last(belonging: Iterable[Belonging]) -> dict[int, date | None]:
    """Each firm with the last day on which it was left; who came back, or has not left, has not left."""
    found: dict[int, date | None] = {}
    for firm_id, left_on in belonging:
        before = found.get(firm_id, left_on)
        found[firm_id] = None if before is None or left_on is None else max(before, left_on)
    return found


def ties(*, case: Case, person: User) -> tuple[ConflictReason, ...]:
    """What ties a person to the case: who handled it, a firm (or left since it began), the other side, a relation.

    The one rule for who reads a file, sees to its result or a veto, and decides about it or its marks.
    """
    return conflicts(reviewer_facts([person])[person.pk], case_facts([case])[case.pk])


def ties_to(person: User, matter: "Handled") -> tuple[ConflictReason, ...]:
    """As `ties`, to a lawyer and firm rather than to one case of theirs."""
    return conflicts(reviewer_facts([person])[person.pk], _facts_of(matter))


def tied_readers(case: Case, people: Iterable[User]) -> dict[int, tuple[ConflictReason, ...]]:
    """Those of the people who are tied to the case, with every reason; as `ties`, for all of them at once."""
    asked = list(people)
    if not asked:
        return {}
    of_case = case_facts([case])[case.pk]
    found = {pk: conflicts(facts, of_case) for pk, facts in reviewer_facts(asked).items()}
    return {pk: reasons for pk, reasons in found.items() if reasons}


def bars_to_reading(*, case: Case, reader: User) -> tuple[ConflictReason, ...]:
    """For which the marks of this reader may not stand: their ties, and what keeps none but readers away."""
    return bars_reading(reviewer_facts([reader])[reader.pk], case_facts([case])[case.pk])


def bars_to_practice(*, case: Case, reader: User) -> tuple[ConflictReason, ...]:
    """As `bars_to_reading`, of marks for calibration: that they give them there is no bar to them."""
    return bars_marking(reviewer_facts([reader])[reader.pk], case_facts([case])[case.pk])


@dataclass(frozen=True, slots=True)
class Handled:
    """Who handled a matter, and since when; `key` is the caller's own."""

    key: int
    lawyer_id: int
    firm_id: int
    since: date


def tied_to(person: User, matters: Iterable[Handled]) -> set[int]:
    """Keys of the matters to whose lawyer or firm the person is tied; as `ties`, for all of them at once."""
    asked = list(matters)
    if not asked:
        return set()
    facts = reviewer_facts([person])[person.pk]
    return {each.key for each in asked if conflicts(facts, _facts_of(each))}


def _facts_of(matter: Handled) -> CaseFacts:
    return CaseFacts(
        case_id=matter.key, number="", lawyer_id=matter.lawyer_id, firm_id=matter.firm_id, begun_on=matter.since
    )


def case_facts(cases: Iterable[Case]) -> dict[int, CaseFacts]:
    """Six queries, whatever their number."""
    rows = list(cases)
    ids = [case.pk for case in rows]
    readers: dict[int, set[int]] = defaultdict(set)
    decliners: dict[int, set[int]] = defaultdict(set)
    taken = Assignment.objects.filter(case__in=ids)
    for case_id, reviewer_id, state in taken.values_list("case_id", "reviewer_id", "state"):
        if state in ACTIVE_ASSIGNMENTS:
            readers[case_id].add(reviewer_id)
        elif state in (AssignmentState.DECLINED, AssignmentState.WITHDRAWN):
            decliners[case_id].add(reviewer_id)
    calibrated, decided = _calibrated_by(ids), _decided_by(ids)
    opposing: dict[int, set[int]] = defaultdict(set)
    earlier = _earlier_lawyers(rows)
    for case_id, firm_id, lawyer_id in KnownTie.objects.filter(case__in=ids, taken_out_at=None).values_list(
        "case_id", "opposing_firm_id", "earlier_lawyer_id"
    ):
        opposing[case_id].update({firm_id} - {None})
        earlier[case_id].update({lawyer_id} - {None})
    city_wide = set(
        SampledCase.objects.filter(case__in=ids, replaced_at=None, sample__city_wide=True).values_list(
            "case_id", flat=True
        )
    )
    return {
        case.pk: CaseFacts(
            case_id=case.pk,
            number=case.number,
            lawyer_id=case.lawyer_id,
            firm_id=case.firm_id,
            begun_on=case.begun_on,
            readers=frozenset(readers[case.pk]),
            decliners=frozenset(decliners[case.pk]),
            calibrated_by=frozenset(calibrated[case.pk]),
            decided_by=frozenset(decided[case.pk]),
            case_type=case.case_type,
            opposing_firms=frozenset(opposing[case.pk]),
            earlier_lawyers=frozenset(earlier[case.pk]),
            not_from=case.centre_id if case.pk in city_wide else None,
        )
        for case in rows
    }


def _earlier_lawyers(cases: Iterable[Case]) -> dict[int, set[int]]:
    """Who handled other cases of the same client: an earlier instance, or what came of it."""
    rows = list(cases)
    handled: dict[int, set[int]] = defaultdict(set)
    others = Case.with_open.filter(client__in={case.client_id for case in rows})
    for client_id, lawyer_id in others.values_list("client_id", "lawyer_id").distinct().order_by():
        handled[client_id].add(lawyer_id)
    return {case.pk: handled[case.client_id] - {case.lawyer_id} for case in rows}


def _calibrated_by(case_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """Who marked each file for calibration or may yet, and on whose panel it was talked over or will be.

    Not who had the form and saved nothing before the marking ended, nor the panel of a round called off before that:
    of those the marking has not ended as long as a form of the round is open.
    """
    ids = list(case_ids)
    off = CalibrationState.CANCELLED
    open_yet = Trial.objects.filter(file__round=OuterRef("round"), state=TrialState.OPEN)
    began = Trial.objects.filter(Q(version__gt=0) | Q(state=TrialState.OPEN) & ~Q(file__round__state=off))
    sat = Panelist.objects.filter(~Q(round__state=off) | ~Exists(open_yet))
    marked = began.filter(file__case__in=ids).values_list("file__case_id", "reviewer_id")
    talked = sat.filter(round__files__case__in=ids).values_list("round__files__case_id", "person_id")
    found: dict[int, set[int]] = defaultdict(set)
    for case_id, user_id in marked.union(talked):
        found[case_id].add(user_id)
    return found


def _decided_by(case_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """Who decided about a veto item or an objection of each file, also where what they decided about stands no more."""
    ids = list(case_ids)
    vetoes = VetoMark.objects.filter(review__assignment__case__in=ids).exclude(decided_by=None)
    objections = Objection.objects.filter(case__in=ids).exclude(decided_by=None)
    on_vetoes = vetoes.values_list("review__assignment__case_id", "decided_by_id")
    found: dict[int, set[int]] = defaultdict(set)
    for case_id, user_id in on_vetoes.union(objections.values_list("case_id", "decided_by_id")):
        found[case_id].add(user_id)
    return found


def lawyer_tied_to(lawyer: Lawyer, person: User) -> bool:
    """Whether the person is the lawyer, of a firm of theirs, or has declared a relation to either."""
    facts = reviewer_facts([person])[person.pk]
    firms = set(Membership.objects.filter(lawyer=lawyer, ends_on=None).values_list("firm_id", flat=True))
    here = {firm for firm, left_on in facts.firms.items() if left_on is None}
    return (
        facts.lawyer_id == lawyer.pk or lawyer.pk in facts.related_lawyers or bool(firms & (here | facts.related_firms))
    )
