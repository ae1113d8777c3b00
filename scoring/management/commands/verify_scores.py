"""`manage.py verify_scores [2026-Q4]`: every score of a period, computed again from what is stored with it."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError
from qa_service.common.period_names import period_named
from qa_service.organisations.models import Organisation
from scoring.queries.proofs import Proof, evidence_proofs, kept_proofs, scheme_faults


class Command(OperatorCommand):
    help = gettext_lazy(
        "Compute every stored score of a period again from its derivation, and name each that does not come to the "
        "same bytes. Ends with 1 where one differs. Nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "period", nargs="?", help=_("a year (2026) or a quarter (2026-Q3) of closing; all cases when left out")
        )
        parser.add_argument(
            "--centre", metavar="CODE", help=_("only cases of this centre, or of all below this bureau")
        )
        parser.add_argument(
            "--evidence",
            action="store_true",
            help=_(
                "also weigh today's evidence of every case, and name those whose score does not say what it comes to"
            ),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            period = period_named(options["period"]) if options["period"] else None
        except DomainError as refused:
            raise CommandError(str(refused.message)) from refused
        centre = None
        if options["centre"]:
            centre = Organisation.objects.filter(code=options["centre"]).first()
            if centre is None:
                raise CommandError(
                    _("There is no centre or bureau with the code %(code)s.") % {"code": options["centre"]}
                )
        wrong = self._told(scheme_faults(), _("Scheme version %(row)s"))[1]
        looked_at, differing = self._told(kept_proofs(period, centre), _("%(case)s, row %(row)s"))
        self.stdout.write(
            ngettext("%(count)d stored figure computed again.", "%(count)d stored figures computed again.", looked_at)
            % {"count": looked_at}
        )
        wrong += differing
        if options["evidence"]:
            proofs = evidence_proofs(period, centre, now=timezone.now())
            cases, differing = self._told(proofs, _("%(case)s, evidence of today"))
            told = ngettext("%(count)d case weighed anew.", "%(count)d cases weighed anew.", cases)
            self.stdout.write(told % {"count": cases})
            wrong += differing
        if wrong:
            told = ngettext("%(count)d of them differs.", "%(count)d of them differ.", wrong)
            raise CommandError(told % {"count": wrong})
        self.stdout.write(_("Every one is what it says."))

    def _told(self, proofs: Iterable[Proof], title: str) -> tuple[int, int]:
        """How many were looked at, and how many differ; each of these is named as it is found."""
        looked_at = differing = waiting = 0
        for proof in proofs:
            looked_at += 1
            if not proof.differences:
                continue
            if proof.waiting:
                waiting += 1
                continue
            differing += 1
            self.stdout.write(title % {"case": proof.case, "row": proof.row})
            for found in proof.differences:
                self.stdout.write(self._line(proof, found.place, found.kept, found.anew))
        if waiting:
            told = ngettext(
                "%(count)d case waits for the sweep and is left out.",
                "%(count)d cases wait for the sweep and are left out.",
                waiting,
            )
            self.stdout.write(told % {"count": waiting})
        return looked_at, differing

    def _line(self, proof: Proof, place: str, kept: str, anew: str) -> str:
        if proof.voice or place == "voice":
            # What one client said is not for a terminal: the place says enough.
            return "  " + _("client voice: %(place)s") % {"place": place}
        return "  " + _("%(place)s: stored %(kept)s, anew %(anew)s") % {"place": place, "kept": kept, "anew": anew}
