"""Intake against its limit and its peer, on a throw-away PostgreSQL database.

    python -m bench.intake [--rows 10000] [--rounds 9] [--url postgres://user@host/postgres]

*Ours* reads, checks, compares, encrypts, writes, records and reports a CSV file of cases. The *limit* writes the very
rows that ours wrote, as prepared objects, by `bulk_create(1000)` into the same tables. The *peer* is
django-import-export with bulk writing into the case table alone, everything it refers to being there already. All three
run in rounds whose order rotates; the limit runs twice a round, and the run is void when its two halves differ by more
than 5 % (A/A). Memory is measured in a process of its own for each size.
"""

import argparse
import contextlib
import csv
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

BATCH = 1000
PEER_ROWS = 1000
TITLES = (
    "法援案号,案件类型,案由,援助阶段,受援人,受援人数,性别,年龄,人群类别,联系电话,可否短信联系,联系备注,承办人,执业证号,"
    "承办单位,单位类型,受理站点,办案机关,受理日期,指派日期,结案日期,裁判文书收到日期,归档日期,结案方式,挽回损失（元）"
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志"


def write_file(path: Path, rows: int) -> None:
    """A year of a large city: every row another person, one in a hundred refused, every form of date and number."""
    with path.open("w", encoding="gb18030", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["结案登记表"])
        writer.writerow(TITLES.split(","))
        for n in range(rows):
            lawyer, firm = n % 800, n % 800 % 60
            name = SURNAMES[n % 32] + GIVEN[n // 32 % 29] + GIVEN[n // 928 % 29]
            month, day = n % 10 + 1, n % 28 + 1
            forms = (f"2026-{month:02d}-{day:02d}", f"2026/{month:02d}/{day:02d}", f"2026年{month}月{day}日")
            closed = "约三月" if n % 100 == 57 else forms[n % 7 % 3]
            phone = f"17{n:09d}" if n % 9 else f"170-{n % 10**8 // 10**4:04d}-{n % 10**4:04d}"
            writer.writerow([
                f"临法援〔2026〕民字第{n:06d}号", ("民事", "刑事", "非诉讼")[n % 3], "追索劳动报酬",
                ("一审", "审判", "非诉讼")[n % 3], name, 1, "女男"[n % 2], 20 + n % 60, "农民工", phone,
                "否" if n % 9 == 5 else "是", "在押" if n % 11 == 3 else "", f"律师{lawyer}", f"1430720{lawyer:010d}",
                f"临江第{firm}律师事务所", "律师事务所", f"第{n % 17}法律援助工作站", "临江县人民法院", "2025-12-01",
                "2025-12-03", closed, "" if n % 3 else "2026-01-05", forms[0] if n % 5 else "", "判决",
                f"{n * 37 % 90000:,}.00",
            ])  # fmt: skip


@contextlib.contextmanager
def database(url: str, label: str = "intake", *, like: str = "") -> Iterator[str]:
    """A database that is gone afterwards. `like`: one with the content of the other of this label."""
    import psycopg

    parts = urlsplit(url)
    name = f"bench_{label}_{os.getpid()}"
    template = f' TEMPLATE "bench_{like}_{os.getpid()}"' if like else ""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"{template}')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def prepare_django(url: str, *, migrate: bool) -> None:
    os.environ |= {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "qa_service.settings.test"}
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)


def empty() -> None:
    """All tables empty but for one centre that went live long ago."""
    from django.db import connection

    from qa_service.audit.actors import Actor
    from qa_service.organisations.enums import OrganisationKind
    from qa_service.organisations.models import CentreSettings
    from qa_service.organisations.services import found_organisation

    now = moment()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        names = [name for name in connection.introspection.table_names() if name != "django_migrations"]
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names))
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    actor = Actor.system("bench")
    found_organisation(kind=OrganisationKind.CENTRE, code="bench", name="中心", parent=None, actor=actor, now=now)
    CentreSettings.objects.update(go_live_on="2025-01-01")


def moment() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def ours(path: Path) -> Any:
    from qa_service.audit.actors import Actor
    from qa_service.cases.services import receive_import, run_import
    from qa_service.organisations.models import Organisation

    now = moment()
    centre = Organisation.objects.get(code="bench")
    with path.open("rb") as stream:
        job = receive_import(
            centre=centre, upload=stream, name=path.name, actor=Actor.system("bench"), dry_run=False, now=now
        )
    job = run_import(import_id=job.pk, now=now)
    assert job.new_count == job.expected_rows - job.refused_count, "every good row must have been written"
    return job


def written() -> list[tuple[Any, list[Any]]]:
    """Every row that ours wrote, as objects ready to be written again, parents first."""
    from qa_service.audit.models import Entry
    from qa_service.cases.models import Case, Client, ContactPlan, Import, ImportFault
    from qa_service.files.models import StoredFile
    from qa_service.organisations.models import CentreSettings, Firm, Lawyer, Membership, Organisation

    models = (
        Organisation, CentreSettings, Firm, Lawyer, Membership, StoredFile, Client, ContactPlan, Case, Import,
        ImportFault, Entry,
    )  # fmt: skip
    return [(model, list(model.objects.order_by("pk"))) for model in models]


def limit(prepared: list[tuple[Any, list[Any]]]) -> None:
    """Nothing but writing; one transaction for each thousand objects, as ours has one for each thousand rows."""
    from qa_service.organisations.models import Organisation

    Organisation.objects.all()._raw_delete("default")
    for model, objects in prepared:
        for start in range(0, len(objects), BATCH):
            model.objects.bulk_create(objects[start : start + BATCH])


def clear_for_limit() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        names = [name for name in connection.introspection.table_names() if name != "django_migrations"]
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names))
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def peer_file() -> Any:
    """The written cases as the peer's own data set, keys spelt as a file would spell them."""
    import tablib

    from qa_service.cases.models import Case

    fields = (
        "number", "case_type", "cause", "stage", "organ", "outcome", "centre__code", "station__name",
        "lawyer__licence_number", "firm__name", "client_id", "people_helped", "recovered_amount", "accepted_on",
        "assigned_on", "closed_on", "judgment_received_on", "filed_on", "first_seen_at", "content_hash",
    )  # fmt: skip
    rows = Case.objects.order_by("pk").values_list(*fields)[:PEER_ROWS]
    headers = [name.removesuffix("_id").split("__")[0] for name in fields]
    data = tablib.Dataset(headers=headers)
    for row in rows:
        data.append(["" if cell is None else str(cell).removesuffix("+00:00") for cell in row])
    out = io.StringIO(data.export("csv"))
    return tablib.Dataset().load(out.read(), format="csv")


def peer(data: Any) -> None:
    from import_export import fields, resources, widgets

    from qa_service.cases.models import Case
    from qa_service.organisations.models import Firm, Lawyer, Organisation

    def linked(name: str, model: Any, key: str) -> Any:
        return fields.Field(column_name=name, attribute=name, widget=widgets.ForeignKeyWidget(model, key))

    class CaseResource(resources.ModelResource):  # type: ignore[misc]
        centre = linked("centre", Organisation, "code")
        station = linked("station", Organisation, "name")
        lawyer = linked("lawyer", Lawyer, "licence_number")
        firm = linked("firm", Firm, "name")

        class Meta:
            model = Case
            import_id_fields = ("number",)
            fields = tuple(data.headers)
            use_bulk = True
            batch_size = BATCH
            skip_diff = True
            skip_html_diff = True
            use_transactions = True

    Case.objects.all()._raw_delete("default")
    CaseResource().import_data(data, raise_errors=True)
    assert Case.objects.count() == len(data), "the peer must have written every row"


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def shown(name: str, ratios: list[float], goal: str) -> str:
    ordered = sorted(ratios)
    low, high = ordered[len(ordered) // 10], ordered[-1 - len(ordered) // 10]
    return f"{name:<58} median {statistics.median(ratios):6.2f}   p10–p90 {low:5.2f}–{high:5.2f}   {goal}"


def speed(rows: int, rounds: int) -> bool:
    folder = Path(tempfile.mkdtemp(prefix="bench-intake-"))
    path = folder / "cases.csv"
    write_file(path, rows)
    empty()
    ours(path)
    prepared = written()
    data = peer_file()

    def run_ours() -> tuple[float, float]:
        empty()
        return timed(lambda: ours(path))

    def run_limit() -> tuple[float, float]:
        clear_for_limit()
        return timed(lambda: limit(prepared))

    def run_peer() -> tuple[float, float]:
        clear_for_limit()
        limit(prepared)
        return timed(lambda: peer(data))

    jobs = {"ours": run_ours, "limit": run_limit, "control": run_limit, "peer": run_peer}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    names = list(jobs)
    for round_number in range(rounds):
        for name in names[round_number % len(names) :] + names[: round_number % len(names)]:
            times[name].append(jobs[name]())
    wall = {name: [spent[0] for spent in all_spent] for name, all_spent in times.items()}
    cpu = {name: [spent[1] for spent in all_spent] for name, all_spent in times.items()}
    control = [a / b for a, b in zip(wall["limit"], wall["control"], strict=True)]
    against = [base / own for base, own in zip(wall["limit"], wall["ours"], strict=True)]
    against_cpu = [base / own for base, own in zip(cpu["limit"], cpu["ours"], strict=True)]
    ahead = [(theirs / PEER_ROWS) / (own / rows) for theirs, own in zip(wall["peer"], wall["ours"], strict=True)]
    print(f"{rows} rows, {rounds} rounds; ours {rows / statistics.median(wall['ours']):.0f} rows/s")
    print(shown("A/A control (limit ÷ limit)", control, "void outside 0.95–1.05"))
    print(shown("rate ÷ bulk_create(1000) of the same objects, all tables", against, "goal ≥ 0.5"))
    print(shown("  the same by CPU time of the client", against_cpu, ""))
    print(shown(f"rate ÷ django-import-export ({PEER_ROWS} rows, case table)", ahead, "goal ≥ 10"))
    return statistics.median(against) >= 0.5 * 0.95 and statistics.median(ahead) >= 10 * 0.95


def peak() -> float:
    """The process's high-water mark in MiB. Not `ru_maxrss`, which a child inherits from whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def memory_child(path: Path, url: str) -> None:
    """Print how far the peak of one import lies above the process just before it, in MiB."""
    prepare_django(url, migrate=False)
    import qa_service.cases.services  # noqa: F401 - part of the base
    from qa_service.organisations.models import Organisation

    Organisation.objects.first()
    base = peak()
    ours(path)
    print(peak() - base, base)


def memory(url: str) -> bool:
    good = True
    folder = Path(tempfile.mkdtemp(prefix="bench-intake-"))
    for rows in (10_000, 100_000):
        path = folder / f"{rows}.csv"
        write_file(path, rows)
        empty()
        command = [sys.executable, "-m", "bench.intake", "--memory-of", str(path), "--url", url]
        begun = time.perf_counter()
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        rate = rows / (time.perf_counter() - begun)
        good = good and float(answer[0]) <= 32
        print(
            f"peak above base at {rows:>7} rows: {float(answer[0]):5.1f} MiB   goal ≤ 32   "
            f"(base {float(answer[1]):.0f} MiB, {rate:.0f} rows/s with start-up)"
        )
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--url", default=os.environ.get("TEST_DATABASE_URL") or "postgres://root@127.0.0.1:5432/postgres"
    )
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        memory_child(options.memory_of, options.url)
        return
    with database(options.url) as url:
        prepare_django(url, migrate=True)
        good = memory(url)
        good = speed(options.rows, options.rounds) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
