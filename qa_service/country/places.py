"""The tree of a country: a ministry, provinces, cities, a centre and its station in each county; who works there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings

from qa_service.country.copying import Table, count_on
from qa_service.organisations.enums import FirmKind, LawyerKind, OrganisationKind
from qa_service.organisations.models import CentreSettings, Firm, Lawyer, Membership, Organisation

CENTRES_A_CITY, CITIES_A_PROVINCE = 10, 10
LAWYERS_A_FIRM = 10
LONG_AGO = date(2020, 1, 1)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志"


@dataclass(frozen=True, slots=True)
class Country:
    """Keys by number, from nought: of lawyers their firm; of firms their centre; of centres their station."""

    firm_of: list[int]
    centre_of: list[int]
    centres: list[int]
    station_of: dict[int, int]
    first_lawyer: int
    first_firm: int


def person_name(number: int) -> str:
    kinds = len(SURNAMES), len(GIVEN)
    return SURNAMES[number % kinds[0]] + GIVEN[number // kinds[0] % kinds[1]] + GIVEN[number // 928 % kinds[1]]


def found_country(*, centres: int, lawyers: int, now: datetime) -> Country:
    """In tables that are empty. All its centres bear the mark of the demo: no text to a real telephone leaves here."""
    nodes = list(_nodes(centres))
    tree = Table(Organisation, ["id", "public_id", "path", "depth", "numchild", "kind", "code", "name"])
    tree.same["confirmed_at"] = now
    tree.write(nodes)
    found = {str(row[6]): row[0] for row in nodes}
    centre_ids = [found[f"centre-{n}"] for n in range(1, centres + 1)]
    stations = {found[f"centre-{n}"]: found[f"station-{n}"] for n in range(1, centres + 1)}
    how = {"is_demo": True, "go_live_on": LONG_AGO, "time_zone": settings.TIME_ZONE, "document_prefix": "援"}
    Table(CentreSettings, ["id", "centre_id", "issuer_name"], how).write(
        (n, pk, f"第{n}县法律援助中心") for n, pk in enumerate(centre_ids, start=1)
    )
    country = _people(centre_ids, stations, lawyers, now)
    count_on([Organisation, CentreSettings, Firm, Lawyer, Membership])
    return country


def _people(centre_ids: list[int], stations: dict[int, int], lawyers: int, now: datetime) -> Country:
    """Each centre's lawyers in firms of ten."""
    firm_of: list[int] = []
    centre_of: list[int] = []
    for n, centre in enumerate(centre_ids):
        here = lawyers // len(centre_ids) + (n < lawyers % len(centre_ids))
        for at in range(here):
            if at % LAWYERS_A_FIRM == 0:
                centre_of.append(centre)
            firm_of.append(len(centre_of))
    Table(Firm, ["id", "public_id", "centre_id", "name"], {"kind": FirmKind.LAW_FIRM, "confirmed_at": now}).write(
        (n, uuid4(), centre, f"第{n}律师事务所") for n, centre in enumerate(centre_of, start=1)
    )
    kind = {"kind": LawyerKind.LAWYER, "confirmed_at": now}
    Table(Lawyer, ["id", "public_id", "name", "licence_number"], kind).write(
        (n, uuid4(), person_name(n), f"1{n:016d}") for n in range(1, lawyers + 1)
    )
    Table(Membership, ["id", "lawyer_id", "firm_id"], {"starts_on": LONG_AGO}).write(
        (n, n, firm) for n, firm in enumerate(firm_of, start=1)
    )
    return Country(firm_of, centre_of, centre_ids, stations, first_lawyer=1, first_firm=1)


def _nodes(centres: int) -> Iterator[tuple[Any, ...]]:
    """Rows of the tree, a body before those below it, as `Organisation` keeps paths."""
    cities = -(-centres // CENTRES_A_CITY)
    provinces = -(-cities // CITIES_A_PROVINCE)
    number = 0

    def node(path: str, depth: int, below: int, kind: str, code: str, name: str) -> tuple[Any, ...]:
        nonlocal number
        number += 1
        return (number, uuid4(), path, depth, below, kind, code, name)

    def step(path: str, depth: int, place: int) -> str:
        return str(Organisation._get_path(path, depth, place))

    bureau, root = OrganisationKind.BUREAU, step("", 1, 1)
    yield node(root, 1, provinces, bureau, "country", "全国法律援助管理机关")
    for province in range(provinces):
        above = step(root, 2, province + 1)
        of_it = range(province * CITIES_A_PROVINCE, min((province + 1) * CITIES_A_PROVINCE, cities))
        yield node(above, 2, len(of_it), bureau, f"province-{province + 1}", f"第{province + 1}省司法厅")
        for city in of_it:
            over = step(above, 3, city - of_it.start + 1)
            counties = range(city * CENTRES_A_CITY, min((city + 1) * CENTRES_A_CITY, centres))
            yield node(over, 3, len(counties), bureau, f"city-{city + 1}", f"第{city + 1}市司法局")
            for county in counties:
                here, n = step(over, 4, county - counties.start + 1), county + 1
                yield node(here, 4, 1, OrganisationKind.CENTRE, f"centre-{n}", f"第{n}县法律援助中心")
                name = f"第{n}县城关法律援助工作站"
                yield node(step(here, 5, 1), 5, 0, OrganisationKind.STATION, f"station-{n}", name)
