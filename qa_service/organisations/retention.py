"""The public register of bodies and of the people who act: professional data, kept with the cases they acted in."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Field, Ground, Keeping, Part, Rule
from qa_service.organisations.models import Lawyer

KEEPING: Final = Keeping(
    rules=(
        Rule(
            key="organisations.lawyers",
            title=_("Lawyers: name and licence number"),
            purpose=_("To know who acted in a case, and whose work was reviewed"),
            ground=Ground.SUPERVISION,
            since=_("the case"),
            term=None,
            parts=(
                Part(
                    model=Lawyer,
                    fields=(Field("name", _("Name")), Field("licence_number", _("Licence number"))),
                    since="",
                ),
            ),
        ),
    ),
    without=(
        (
            _("names, codes and settings of public bodies and firms"),
            (
                "organisations.Organisation.path",
                "organisations.Organisation.code",
                "organisations.Organisation.name",
                "organisations.CentreSettings.office_phone",
                "organisations.CentreSettings.postal_address",
                "organisations.CentreSettings.issuer_name",
                "organisations.CentreSettings.document_prefix",
                "organisations.CentreSettings.time_zone",
                "organisations.CentreSettings.text_countries",
                "organisations.Firm.name",
                "organisations.FormerName.name",
            ),
        ),
        (_("the official calendar"), ("organisations.CalendarYear.source", "organisations.CalendarDay.name")),
    ),
)
