"""Whose turn it is while their case runs. The follow-up after closing always comes first."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.models import Case, CoClient
from qa_service.cases.plans import NEEDS_PRIVACY
from qa_service.cases.queries import unsettled
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys.enums import Audience, Occasion, PassedOver, Publication, Sweep
from surveys.mid_case import span_due
from surveys.models import Conversation, DrawnClient, MidCasePlan, Questionnaire
from surveys.models.conversations import CLOSING_WAVE, first_wave
from surveys.models.mid_case import PLANNERS
from surveys.queries.due import Turn, Turns, asked_lately, both, drawn_to_ask, joined_without_lot, read_drawn
from surveys.queries.persons import named_by
from surveys.queries.set_aside import is_set_aside, read_each


def plans_to_ask_by(*, now: datetime) -> list[MidCasePlan]:
    """In force, of centres that have gone live and take in cases under way; what cannot wait comes first."""
    live = MidCasePlan.objects.in_force().filter(
        centre__settings__takes_open_cases=True, centre__settings__go_live_on__isnull=False
    )
    rows = live.select_related("centre__settings").order_by("pk")
    gone_live = [row for row in rows if (row.centre.settings.go_live_on or date.max) <= today_at(row.centre, now=now)]
    return sorted(gone_live, key=lambda row: list(Occasion).index(Occasion(row.occasion)))


def today_at(centre: Organisation, *, now: datetime) -> date:
    return now.astimezone(ZoneInfo(centre.settings.time_zone)).date()


def _come(plan: MidCasePlan, case: str = "", *, now: datetime) -> Q:
    """A condition on rows: the case is under way, and its day has come by this plan."""
    first, last = span_due(Occasion(plan.occasion), days=plan.days, today=today_at(plan.centre, now=now))
    if plan.occasion != Occasion.BEFORE_HEARING:
        first = max(first, plan.starts_on)
    day = f"{case}{_day_of(plan)}"
    return Q(**{f"{day}__gte": first, f"{day}__lte": last, f"{case}centre": plan.centre_id, f"{case}closed_on": None})


def _day_of(plan: MidCasePlan) -> str:
    return "hearing_on" if plan.occasion == Occasion.BEFORE_HEARING else "assigned_on"


def alone_come(plan: MidCasePlan, *, now: datetime) -> QuerySet[Case]:
    """One client alone is known of each, and nobody was asked about them by this plan's occasion."""
    asked = Conversation.objects.filter(case=OuterRef("pk"), wave=plan.occasion, audience=Audience.CLIENT)
    joined = CoClient.objects.current().filter(case=OuterRef("pk"))
    return (
        Case.with_open.filter(_come(plan, now=now), ~Exists(asked), ~Exists(joined), client__erased_at=None)
        .select_related("client__contact_plan", "centre__settings", "firm")
        .order_by(_day_of(plan), "pk")
    )


def drawn_come(plan: MidCasePlan, *, now: datetime) -> QuerySet[DrawnClient]:
    """Of several clients of a case those on whom the lot fell, and whom nobody has asked."""
    drawn = drawn_to_ask(plan.occasion).filter(_come(plan, "case__", now=now))
    return drawn.order_by(f"case__{_day_of(plan)}", "case", "pk")


def groups_come(plan: MidCasePlan, *, now: datetime) -> QuerySet[Case]:
    """Cases with several clients, one of whom has no lot yet."""
    joined = joined_without_lot(_come(plan, "case__", now=now), wave=plan.occasion)
    return Case.with_open.filter(pk__in=joined.values("case")).order_by(_day_of(plan), "pk")


def wait_for_word(case: str = "", client: str = "client__") -> Q:
    """A condition on rows: somebody must first confirm how the client may be reached (`mid_case.waits_for_word`).

    :param case: the path of fields from the rows to the case, with its two underscores; `client` that to the client.
    """
    plan = f"{client}contact_plan"
    feared = Q(**{f"{plan}__needs_safety_check": True}) | Q(**{f"{plan}__reason__in": sorted(NEEDS_PRIVACY)})
    begun = Coalesce(f"{case}assigned_on", f"{case}accepted_on")
    unconfirmed = Q(**{f"{plan}__confirmed_on": None}) | Q(**{f"{plan}__confirmed_on__lt": begun})
    return Q(**{plan: None}) | feared & unconfirmed


def turns_of(plan: MidCasePlan, *, limit: int, now: datetime) -> Turns:
    """Of those, whom to ask now, but for those that the sweep failed at: at most so many, then as many drawn."""
    free = ~asked_lately("client", now=now), ~_closing_waits()
    alone = alone_come(plan, now=now).filter(~wait_for_word(), *free, ~is_set_aside(Sweep.MID_CASE, now=now))
    drawn = drawn_come(plan, now=now).filter(~wait_for_word("case__"), *free)
    return both(read_each(alone, limit=limit), read_drawn(drawn, limit=limit, now=now), sweep=Sweep.MID_CASE)


def waiting_for_word(plan: MidCasePlan, *, limit: int, now: datetime) -> list[Turn]:
    """Whose turn has come, and whom nobody is asking before their contact plan is confirmed. The first so many."""
    alone = alone_come(plan, now=now).filter(wait_for_word())
    drawn = drawn_come(plan, now=now).filter(wait_for_word("case__")).select_related("case", "client")
    turns = [Turn(case, case.client) for case in alone[:limit]]
    return [*turns, *(Turn(row.case, row.client, row.pk) for row in drawn[:limit])][:limit]


def _closing_waits() -> Q:
    """A condition on rows: another matter of their `client` has closed, and they are still to be asked about that.

    Of a matter with several clients, whoever was drawn to be asked counts as well as the one whom the export names.
    """
    asked = Conversation.objects.filter(first_wave(), case=OuterRef("pk"))
    of_drawn = Conversation.objects.filter(first_wave(), case=OuterRef("case"), recipient=OuterRef("client"))
    drawn = DrawnClient.objects.filter(unsettled("case__"), wave=CLOSING_WAVE, passed_over=PassedOver.NOT)
    return named_by(Case.objects.filter(unsettled(), ~Exists(asked)), "client") | named_by(
        drawn.filter(~Exists(of_drawn)), "client"
    )


def overtaken(*, now: datetime) -> QuerySet[Conversation]:
    """Begun while the case ran and not over: the case has closed since, or the person must be spoken with first."""
    under_way = Conversation.objects.open().filter(mid_case_plan__isnull=False)
    not_held = Q(held_until=None) | Q(held_until__lte=now)
    no_more = Q(case__closed_on__isnull=False) | wait_for_word("case__", "recipient__")
    return under_way.filter(no_more, not_held).order_by("pk")


def centres_to_plan(user: User) -> QuerySet[Organisation]:
    """Centres for which this person decides whether clients are asked while their case runs."""
    centres = organisations_reached(user, *PLANNERS).filter(kind=OrganisationKind.CENTRE)
    return centres.select_related("settings").order_by("path")


def questionnaires_to_ask_by(centre: Organisation) -> QuerySet[Questionnaire]:
    """In force, for clients: the service's own, the centre's and those of the bodies above it."""
    above = [centre.path[:length] for length in range(Organisation.steplen, len(centre.path) + 1, Organisation.steplen)]
    return Questionnaire.objects.filter(
        Q(owner=None) | Q(owner__path__in=above), state=Publication.PUBLISHED, audience=Audience.CLIENT
    ).order_by("owner", "key")


def plan_in_force(centre: Organisation, occasion: Occasion) -> MidCasePlan | None:
    return MidCasePlan.objects.in_force().filter(centre=centre, occasion=occasion).first()
