"""The demo: an invented county, its year of closed cases, and one account for every role.

It comes in through the doors users have: the same founding, the same intake. Only the dates are moved, so that the
newest case closed yesterday.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service import founding
from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.services import grant_role, open_account
from qa_service.cases.models import Import
from qa_service.cases.services import receive_import, run_import
from qa_service.demo_asking import show_mid_case, show_two_sheets
from qa_service.demo_calibration import show_calibration
from qa_service.demo_files import show_acceptance
from qa_service.demo_hearings import show_hearings
from qa_service.demo_round import show_round
from qa_service.demo_scans import show_scans
from qa_service.demo_scores import Desk, issue_notices, show_scores
from qa_service.demo_signs import change_method, show_complaints
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CalendarYear, CentreSettings, Firm, Lawyer, Organisation
from qa_service.organisations.queries import holds_demo_data
from qa_service.organisations.services import found_organisation, load_calendar_year
from surveys.enums import OrganKind, OrganWay

PASSWORD: Final = "demo-county-2026"  # noqa: S105 - printed for whoever starts the demo
SOURCE: Final = "data/closed_cases.csv"
NEWEST_CLOSING: Final = date(2026, 11, 19)  # among the rows of SOURCE that are good
ASKED_DAYS: Final = 20
CENTRE: Final = "linjiang"
SIBLING: Final = "qingyuan"
KEPT_FILE: Final = Path("demo", f"{CENTRE}.csv")
SIBLING_ROWS: Final = 12
ENCODING: Final = "gb18030"
FIXED_HOLIDAYS: Final = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
# The file's three ways to write a date; the month and day with or without their leading zero.
WRITTEN_DATE: Final = re.compile(r"(?<!\d)(\d{4})([-/年])(\d{1,2})([-/月])(\d{1,2})(?!\d)")
# What tells the neighbouring county's rows from this one's: names, licences, telephones.
NEIGHBOURS: Final = (("临江", "清源"), ("临法援", "清法援"), ("1430720", "1430821"), ("3430720", "3430821"))


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the printed table. `licence` links the person to a lawyer of the file, `firm` makes them its head.

    `display_name` is a person's name, as notices print it, and a lawyer's the one in the file; all are invented.
    """

    username: str
    display_name: str
    roles: tuple[tuple[Role, str], ...] = ()
    licence: str = ""
    firm: str = ""


ACCOUNTS: Final = (
    Account("operator", "卢启明", ((Role.OPERATOR, "city"),)),
    Account("supervisor", "贺文静", ((Role.SUPERVISOR, "city"),)),
    Account("manager", "段海宁", ((Role.MANAGER, CENTRE),)),
    Account("manager2", "邵雨桐", ((Role.MANAGER, CENTRE),)),
    Account("reviewer1", "许伟根", ((Role.REVIEWER, CENTRE),), licence="14307201221686638"),
    Account("reviewer2", "张勇磊", ((Role.REVIEWER, CENTRE),), licence="14307201910134279"),
    Account("reviewer3", "魏春", ((Role.REVIEWER, CENTRE),), licence="34307201021822494"),
    Account("reviewer4", "阮思源", ((Role.REVIEWER, CENTRE),)),
    Account("observer", "鲁小满", ((Role.OBSERVER, CENTRE), (Role.OBSERVER, SIBLING))),
    Account("followup", "方晓岚", ((Role.FOLLOW_UP, CENTRE),)),
    Account("lawyer", "华志刚", licence="14307201110376141"),
    Account("firm", "尹清湖", firm="湖畔（临江）律师事务所"),
    Account(
        "allround",
        "毕长安",
        ((Role.MANAGER, CENTRE), (Role.FOLLOW_UP, CENTRE), (Role.OBSERVER, CENTRE), (Role.OBSERVER, SIBLING)),
    ),
    # Of a centre that asks clients while their cases run.
    Account("neighbour", "商若溪", ((Role.MANAGER, SIBLING),)),
)


# The units before which most cases stand. Others are left for whoever tries the address book.
ORGANS: Final = (
    founding.Organ("临江县人民法院", OrganKind.COURT, OrganWay.LETTER_AND_LINK, "临江县城关镇人民路8号"),
    founding.Organ("临江县人民检察院", OrganKind.PROCURATORATE, OrganWay.LETTER, "临江县城关镇人民路10号"),
)


def load_demo(*, now: datetime) -> bool:
    """Load the county unless it is there; returns whether it was loaded now. All or nothing.

    :raises AlreadyFounded: the database belongs to a real centre.
    """
    if holds_demo_data():
        return False
    founding.refuse_if_founded()
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    with override("zh-hans"), transaction.atomic():
        places = _found_tree(today=today, now=now)
        founding.publish_defaults(now=now)
        _know_the_years(range(today.year - 2, today.year + 3), now=now)
        for code, content in files(today=today).items():
            _import(centre=places[code], name=f"{code}.csv", content=content, now=now)
            _keep(content, name=f"{code}.csv")
        people = {account.username: _open(account, places=places, now=now) for account in ACCOUNTS}
        founding.know_organs(ORGANS, centre=places[CENTRE], keeper=people["manager"], now=now)
        lawyers = [person for person in people.values() if person.lawyer_id]
        show_mid_case(centre=places[SIBLING], manager=people["neighbour"], now=now)
        show_hearings(centre=places[SIBLING], manager=people["neighbour"], now=now)
        show_two_sheets(centre=places[CENTRE], clerk=people["followup"], now=now)
        show_acceptance(centre=places[CENTRE], desk=people["manager"], lawyers=lawyers, now=now)
        show_calibration(
            centre=places[CENTRE],
            panel=[people["manager"], people["manager2"]],
            readers=[people[f"reviewer{number}"] for number in range(1, 5)],
            now=now,
        )
        desk = Desk(places[CENTRE], decides=people["manager"], issues=people["manager2"])
        change_method(desk, supervisor=people["supervisor"], now=now)
        show_scores(desk, now=now)
        # Since that quarter: its results did not wait for what firms mark themselves.
        CentreSettings.objects.update(self_assessment=True)
        show_round(desk, readers=[people[f"reviewer{number}"] for number in range(1, 5)], now=now)
        show_complaints(desk, supervisor=people["supervisor"], now=now)
    return True


def show_scanned_files(*, now: datetime) -> int:
    """What takes too long before the first page is shown, and is the worker's: returns how many files it uploaded.

    What is printed waits for the fonts as well: notices are issued here.
    """
    centre = Organisation.objects.filter(code=CENTRE, settings__is_demo=True).select_related("settings").first()
    if centre is None:
        return 0
    with override("zh-hans"), transaction.atomic():
        manager, another = User.objects.get(username="manager"), User.objects.get(username="manager2")
        issue_notices(Desk(centre, decides=manager, issues=another), now=now)
        return show_scans(centre=centre, desk=manager, now=now)


def files(*, today: date) -> dict[str, bytes]:
    """The two centres' exports, as bytes a case system would give, with their newest closing on yesterday."""
    text = (Path(settings.BASE_DIR) / SOURCE).read_bytes().decode(ENCODING)
    by = today - timedelta(days=1) - NEWEST_CLOSING
    return {
        CENTRE: shifted(text, by=by).encode(ENCODING),
        SIBLING: shifted(neighbouring(text), by=by).encode(ENCODING),
    }


def shifted(text: str, *, by: timedelta) -> str:
    """Move every date in the text, each in its own way of writing; a date that does not exist stays as it is."""

    def moved(found: re.Match[str]) -> str:
        year, first, month, second, day = found.groups()
        try:
            new = date(int(year), int(month), int(day)) + by
        except ValueError:
            return found[0]
        width = 2 if len(month) == len(day) == 2 else 1  # noqa: PLR2004 - two digits
        return f"{new.year:04d}{first}{new.month:0{width}d}{second}{new.day:0{width}d}"

    return WRITTEN_DATE.sub(moved, text)


def neighbouring(text: str) -> str:
    """A few of the county's rows as its neighbour would have them: other people, other numbers."""
    title, header, *rows = csv.reader(io.StringIO(text))
    phone = header.index("联系电话")
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerows([[_renamed(cell) for cell in title], header])
    for row in rows[:SIBLING_ROWS]:
        cells = [_renamed(cell) for cell in row]
        cells[phone] = row[phone].replace("170", "171", 1)
        writer.writerow(cells)
    return written.getvalue()


def _renamed(cell: str) -> str:
    for here, there in NEIGHBOURS:
        cell = cell.replace(here, there)
    return cell


def _found_tree(*, today: date, now: datetime) -> dict[str, Organisation]:
    city = _bureau("city", "潇湖市司法局", None, now)
    county = _bureau("linjiang-bureau", "临江县司法局", city, now)
    other = _bureau("qingyuan-bureau", "清源县司法局", city, now)
    places = {"city": city}
    for code, name, parent, prefix in (
        (CENTRE, "临江县法律援助中心", county, "临援"),
        (SIBLING, "清源县法律援助中心", other, "清援"),
    ):
        places[code] = founding.found_centre(
            centre=founding.Centre(
                code=code,
                name=name,
                time_zone=settings.TIME_ZONE,
                go_live_on=today - timedelta(days=ASKED_DAYS),
                sms_enabled=True,
                office_phone="0739-5550100",
                document_prefix=prefix,
            ),
            parent=parent,
            now=now,
        )
    # Whoever tries the demo at night shall see its first texts too: the handset wakes nobody.
    CentreSettings.objects.update(
        is_demo=True, first_contact_delay_days=0, contact_opens=time(0, 0), contact_closes=time(23, 59),
        organs_from=today - timedelta(days=ASKED_DAYS), organ_delay_days=0,
    )  # fmt: skip
    # The county's own file shows that a row without a closing date is refused; its neighbour asks while cases run.
    CentreSettings.objects.filter(centre=places[SIBLING]).update(takes_open_cases=True)
    return places


def _bureau(code: str, name: str, parent: Organisation | None, now: datetime) -> Organisation:
    return found_organisation(
        kind=OrganisationKind.BUREAU, code=code, name=name, parent=parent, actor=founding.FOUNDER, now=now
    )


def _know_the_years(years: Iterable[int], *, now: datetime) -> None:
    """Give years without an official notice the holidays whose dates never move: enough to try things out."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    for year in set(years) - known:
        holidays = [(date(year, month, day), name) for month, day, name in FIXED_HOLIDAYS]
        load_calendar_year(year=year, holidays=holidays, workdays=[], source="demo", actor=founding.FOUNDER, now=now)


def _import(*, centre: Organisation, name: str, content: bytes, now: datetime) -> Import:
    job = receive_import(
        centre=centre, upload=io.BytesIO(content), name=name, actor=founding.FOUNDER, dry_run=False, now=now
    )
    return run_import(import_id=job.pk, now=now)


def _keep(content: bytes, *, name: str) -> None:
    """Leave the file with its moved dates where people can find it: importing it again changes nothing."""
    folder = Path(settings.DATA_DIR) / KEPT_FILE.parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _open(account: Account, *, places: dict[str, Organisation], now: datetime) -> User:
    lawyer = Lawyer.objects.get(licence_number=account.licence) if account.licence else None
    firm = Firm.objects.get(name=account.firm, centre=places[CENTRE]) if account.firm else None
    user = open_account(
        username=account.username,
        display_name=account.display_name,
        password=PASSWORD,
        actor=founding.FOUNDER,
        organisation=places[account.roles[0][1] if account.roles else CENTRE],
        lawyer=lawyer,
        now=now,
    )
    for role, code in account.roles:
        grant_role(user=user, role=role, organisation=places[code], actor=founding.FOUNDER, now=now)
    if lawyer is not None:
        grant_role(user=user, role=Role.LAWYER, actor=founding.FOUNDER, now=now)
    if firm is not None:
        grant_role(user=user, role=Role.FIRM, firm=firm, actor=founding.FOUNDER, now=now)
    return user


def accounts_table() -> str:
    """The table that the start of the demo prints, from the accounts as they are."""
    users = {
        user.username: user
        for user in User.objects.filter(username__in=[account.username for account in ACCOUNTS]).prefetch_related(
            "grants__organisation", "grants__firm"
        )
    }
    lines = [
        f"  {user.username:<11} {', '.join(_held(grant) for grant in user.held)}"
        for account in ACCOUNTS
        if (user := users.get(account.username)) is not None
    ]
    secret = _("Every password is %(password)s") % {"password": PASSWORD}
    return "\n".join([f"  {secret}", *lines])


def _held(grant: Grant) -> str:
    place = grant.organisation or grant.firm
    label = str(grant.get_role_display()).lower()
    return f"{label} ({place})" if place else label
