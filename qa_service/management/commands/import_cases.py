"""Bring in an export of the case system from the command line."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service import demo
from qa_service.audit.actors import Actor
from qa_service.cases.models import Import
from qa_service.cases.queries import fault_rows
from qa_service.cases.services import look_at_refused_rows, receive_import, run_import
from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import holds_demo_data

ACTOR = Actor.system("import_cases")


class Command(OperatorCommand):
    help = gettext_lazy("Import closed cases of one centre from a CSV or XLSX export; prints what came of the rows.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=_("CSV (UTF-8 or GB18030) or XLSX file"))
        parser.add_argument(
            "--centre", help=_("code of the centre; may be left out in the demo and where there is only one")
        )
        parser.add_argument("--report", type=Path, help=_("write refused rows to this CSV file"))
        parser.add_argument("--dry-run", action="store_true", help=_("read and compare, write nothing"))

    def handle(self, *_args: Any, **options: Any) -> None:
        centre = _centre(options["centre"])
        if options["report"]:
            _refuse_unwritable(options["report"])
        job = self._run(centre, options["file"], dry_run=options["dry_run"])
        for label, count in (
            (_("new"), job.new_count),
            (_("updated"), job.updated_count),
            (_("unchanged"), job.unchanged_count),
            (_("refused"), job.refused_count),
        ):
            self.stdout.write(f"{label}{_(': ')}{count}")
        if options["report"]:
            _write_report(job, options["report"])

    def _run(self, centre: Organisation, path: Path, *, dry_run: bool) -> Import:
        now = timezone.now()
        try:
            with path.open("rb") as stream:
                job = receive_import(
                    centre=centre,
                    upload=stream,
                    name=path.name,
                    actor=ACTOR,
                    dry_run=dry_run,
                    now=now,
                )
            return run_import(import_id=job.pk, now=now)
        except OSError as error:
            raise CommandError(_("The file cannot be opened: %(why)s.") % {"why": error.strerror}) from None
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from None


def _centre(code: str | None) -> Organisation:
    centres = Organisation.objects.filter(kind=OrganisationKind.CENTRE)
    if not code and holds_demo_data():
        code = demo.CENTRE
    if code:
        centres = centres.filter(code=code)
    found = list(centres[:2])
    if len(found) == 1:
        return found[0]
    if code:
        raise CommandError(_("There is no centre with the code “%(code)s”.") % {"code": code})
    raise CommandError(_("Name the centre with --centre: there is not exactly one."))


def _refuse_unwritable(path: Path) -> None:
    """Asked before the import: whoever wants the report shall not find the rows imported and the report lost."""
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise _unwritable(error) from None


def _unwritable(error: OSError) -> CommandError:
    return CommandError(_("The report cannot be written: %(why)s.") % {"why": error.strerror})


def _write_report(job: Import, path: Path) -> None:
    """The reasons stay in the words that machines read, whatever the language of the console."""
    look_at_refused_rows(job=job, actor=ACTOR, rows=job.refused_count, now=timezone.now())
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["line", "column", "reason", "value"])
            writer.writerows(fault_rows(job))
    except OSError as error:
        raise _unwritable(error) from None
