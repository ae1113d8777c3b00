"""Load holidays and make-up workdays from a CSV file with the columns day,is_workday,name."""

import csv
from argparse import ArgumentParser
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.audit.actors import Actor
from qa_service.common.commands import OperatorCommand
from qa_service.organisations.services import load_calendar_year

LOADER = Actor.system("import_calendar")
WORKED = {"yes": True, "no": False}


class Command(OperatorCommand):
    help = gettext_lazy(
        "Import official notices of holidays: each year in the file replaces that year of the calendar."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=_("CSV in UTF-8 with the columns day,is_workday,name"))

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        years: dict[int, dict[bool, list[tuple[date, str]]]] = defaultdict(lambda: {True: [], False: []})
        try:
            with path.open(encoding="utf-8-sig", newline="") as handle:
                for line, row in enumerate(csv.DictReader(handle), start=2):
                    day, worked = self._read(row, line)
                    years[day.year][worked].append((day, row.get("name") or ""))
        except OSError as error:
            raise CommandError(_("The file cannot be opened: %(why)s.") % {"why": error.strerror}) from None
        except UnicodeDecodeError:
            raise CommandError(_("%(file)s is no UTF-8 text; save it as CSV in UTF-8.") % {"file": path}) from None
        if not years:
            text = _("%(file)s holds no days; its columns are day,is_workday,name.")
            raise CommandError(text % {"file": path})
        for year, days in sorted(years.items()):
            load_calendar_year(
                year=year, holidays=days[False], workdays=days[True], source=path.name, actor=LOADER, now=timezone.now()
            )
            told = _("%(year)s: %(holidays)s holidays, %(workdays)s make-up workdays")
            counted = {"year": year, "holidays": len(days[False]), "workdays": len(days[True])}
            self.stdout.write(told % counted)

    def _read(self, row: dict[str, str], line: int) -> tuple[date, bool]:
        try:
            return date.fromisoformat(row["day"]), WORKED[row["is_workday"]]
        except (KeyError, ValueError, TypeError) as wrong:
            text = _("line %(line)d: day must be YYYY-MM-DD and is_workday yes or no")
            raise CommandError(text % {"line": line}) from wrong
