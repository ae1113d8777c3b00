"""The days in which things must be done, as they are set."""

from django.db.models import Q, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CentreSettings, Organisation
from surveys.models import ComplaintRules
from surveys.recovery import Days


def places_with_clocks(user: User) -> QuerySet[Organisation]:
    """Centres whose manager the person is, and bureaux whose supervisor."""
    centres = Q(kind=OrganisationKind.CENTRE) & within(user, "path", Role.MANAGER)
    bureaux = Q(kind=OrganisationKind.BUREAU) & within(user, "path", Role.SUPERVISOR)
    places: QuerySet[Organisation] = Organisation.objects.filter(centres | bureaux).order_by("path")
    return places


def days_of(settings: CentreSettings) -> Days:
    return Days(
        acknowledge=settings.recovery_acknowledge_days,
        contact=settings.recovery_contact_days,
        settle=settings.recovery_settle_days,
        bureau_after=settings.recovery_bureau_after_days,
    )


def days_set(centre: Organisation) -> Days:
    """:raises CentreSettings.DoesNotExist: the centre was never set up."""
    return days_of(CentreSettings.objects.get(centre=centre))


def complaint_rules(bureau: Organisation) -> ComplaintRules:
    """The bureau's own, else the defaults, not yet stored."""
    return ComplaintRules.objects.filter(bureau=bureau).first() or ComplaintRules(bureau=bureau)
