from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    BUREAU = "bureau", _("Bureau of justice")
    CENTRE = "centre", _("Legal aid centre")
    STATION = "station", _("Legal aid station")


class FirmKind(TextChoices):
    LAW_FIRM = "law_firm", _("Law firm")
    SERVICE_OFFICE = "service_office", _("Basic-level legal service office")
    CENTRE_STAFF = "centre_staff", _("Legal aid centre staff")
    VOLUNTEERS = "volunteers", _("Group of legal aid volunteers")


class LawyerKind(TextChoices):
    LAWYER = "lawyer", _("Practising lawyer")
    LEGAL_WORKER = "legal_worker", _("Basic-level legal worker")
    CENTRE_STAFF = "centre_staff", _("Centre staff")
    VOLUNTEER = "volunteer", _("Legal aid volunteer")
