"""`python -m prove issuing`: 1,000 notices issued by several at once while all of them are killed; no gap, no repeat.

Some people press "issue", now and then two the same; others print. Each is a process that dies by SIGKILL at a moment
nobody chose and is begun anew. In the end every decided proposal has one notice, the numbers run from 1 without a gap,
and each has its file, whose bytes are those whose SHA-256 was written down.

The control numbers as is usually done: it takes the next number, then writes the notice. Whoever dies between the two
leaves a gap; without one the run would have shown nothing.
"""

import itertools
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import django

from prove.delivery import ROOT, surroundings
from prove.reports import _copies

ISSUERS, PRINTERS = 3, 2
LOOK_SECONDS = 0.2
# The last ones are left alone: they only wait for processes to begin again.
SPARED = 0.1
PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Found:
    issues: int
    kills: int
    seconds: float
    defended: bool
    database: str
    notices: int
    highest: int
    gaps: list[int]
    repeated: list[int]
    without_file: list[str]
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        if not self.defended:
            return bool(self.gaps)
        whole = self.notices == self.highest == self.issues
        return whole and not (self.gaps or self.repeated or self.without_file or self.wrong)


def lines(found: Found) -> Iterator[str]:
    yield (
        f"defence {'on' if found.defended else 'off'}, {found.database}: {found.issues:,} to issue,"
        f" {found.kills} kills, {found.seconds} s: {found.notices:,} notices up to number {found.highest:,};"
        f" gaps {len(found.gaps)}, repeated {len(found.repeated)}, without file {len(found.without_file)},"
        f" otherwise wrong {len(found.wrong)}"
    )
    yield from (f"  {each}" for each in found.wrong[:5])


def prove(*, issues: int, kills: int, seed: int, limit: float) -> list[Found]:
    """With the defence, then the control, smaller."""
    few = min(issues, 100)
    runs = ((issues, kills, True), (few, max(kills // 2, 10), False))
    return [run(some, killed, seed=seed, limit=limit, defended=defended) for some, killed, defended in runs]


def run(issues: int, kills: int, *, seed: int, limit: float, defended: bool) -> Found:
    """In a folder of its own, or on PROVE_DATABASE_URL, which is emptied."""
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        environment = surroundings() | {"DJANGO_SETTINGS_MODULE": "prove.settings", "DATA_DIR": folder}
        environment |= {"PROVE_NUMBERING": "on" if defended else "off", "LOG_LEVEL": "CRITICAL"}
        _bring_fonts(Path(folder))
        _asked("prepare", environment, issues)
        people = _People(environment)
        began = time.monotonic()
        killed = _through(people, issues, kills, chance=random.Random(seed), until=began + limit)
        seconds = round(time.monotonic() - began, 1)
        told = _asked("look", environment)
    database = environment.get("DATABASE_URL", "sqlite").partition(":")[0]
    return Found(issues, killed, seconds, defended, database, **told)


def _bring_fonts(folder: Path) -> None:
    """Those that the service has prepared here before, where it has: they take half a minute to make."""
    ready = ROOT / "var" / "fonts"
    if ready.is_dir():
        shutil.copytree(ready, folder / "fonts")


def _command(what: str, *arguments: object) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "prove.issuing", what, *map(str, arguments)]


def _asked(what: str, environment: dict[str, str], *arguments: object) -> Any:
    done = subprocess.run(
        _command(what, *arguments), env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


class _People:
    """Processes that issue and print, each begun again after it died."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.seeds = itertools.count()
        self.at_work = [self._begin(what) for what in ("issue",) * ISSUERS + ("print",) * PRINTERS]

    def _begin(self, what: str) -> "tuple[str, subprocess.Popen[bytes]]":
        return what, subprocess.Popen(_command(what, next(self.seeds)), env=self.environment, cwd=ROOT)

    def kill_one(self, chance: random.Random) -> None:
        at = chance.randrange(len(self.at_work))
        what, process = self.at_work[at]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        self.at_work[at] = self._begin(what)

    def stop(self) -> None:
        for _what, process in self.at_work:
            process.kill()
            process.wait()


def _through(people: _People, issues: int, kills: int, *, chance: random.Random, until: float) -> int:
    """Issue and kill until every notice has its file. Returns how many were killed."""
    moments, killed = sorted(chance.uniform(0, issues * (1 - SPARED)) for _each in range(kills)), 0
    watch = subprocess.Popen(_command("watch"), env=people.environment, cwd=ROOT, stdout=subprocess.PIPE)
    assert watch.stdout is not None
    try:
        while time.monotonic() < until:
            given, printed = json.loads(watch.stdout.readline() or "[0, 0]")
            if printed >= issues:
                break
            # Never two without work between: whoever begins anew has to load the service first.
            while killed < len(moments) and given >= moments[killed]:
                time.sleep(chance.uniform(0, LOOK_SECONDS))
                people.kill_one(chance)
                killed += 1
    finally:
        watch.kill()
        watch.wait()
        people.stop()
    return killed


# What the processes do, each with the database open.


def prepare(issues: int) -> None:
    """So many cases of one centre, each decided to be rectified, so that one series numbers them all."""
    from django.core.management import call_command

    from qa_service.cases.models import Case
    from qa_service.documents.fonts import prepare_fonts
    from reviews.models import CaseReview
    from scoring.enums import RuleCode
    from scoring.models import CaseScore, Decision, Proposal, Statement
    from tests.scoring.deciding import ready

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    prepare_fonts()
    _place, row = ready(RuleCode.S2)
    others = range(issues - 1)
    cases = _copies(row.case, [{"number": f"案{each:06d}"} for each in others])
    of_each = [{"case": case} for case in cases]
    _copies(CaseReview.objects.current().get(case=row.case), of_each)
    _copies(CaseScore.objects.current().get(case=row.case), of_each)
    proposals = _copies(row, of_each)
    for kind in (Decision, Statement):
        _copies(kind.objects.get(proposal=row), [{"proposal": each} for each in proposals])
    print(json.dumps(Proposal.objects.filter(code=row.code).count()))
    assert Case.objects.count() == issues


def issue(seed: int) -> None:
    """Press "issue" at whatever is not issued yet, as one of several who see the same list."""
    from qa_service.accounts.enums import Role
    from qa_service.accounts.models import User
    from qa_service.common.errors import Conflict
    from scoring.enums import ProposalState, RuleCode
    from scoring.models import Proposal
    from scoring.services.issuing import issue_notice
    from tests.scoring.deciding import DISPLAY_OVER

    chance, person = random.Random(seed), User.objects.get(grants__role=Role.SUPERVISOR)
    press = issue_notice if os.environ["PROVE_NUMBERING"] == "on" else _as_is_usual
    while waiting := list(
        Proposal.objects.filter(state=ProposalState.ACCEPTED, code=RuleCode.S2).order_by("pk").values_list("pk")[:8]
    ):
        ((key,),) = chance.sample(waiting, 1)
        try:
            press(proposal=Proposal.objects.get(pk=key), person=person, now=DISPLAY_OVER)
        except Conflict:
            continue  # another was first
    _wait_to_be_stopped()


def _as_is_usual(*, proposal: Any, person: Any, now: datetime) -> None:
    """The control: the number first, in a transaction of its own, as a sequence gives it; then the notice."""
    from django.db import transaction

    from scoring.enums import NoticeKind
    from scoring.services import issuing, numbered

    with transaction.atomic():
        given = numbered.next_number(proposal, NoticeKind.RECTIFICATION, now=now)
    taken = numbered.next_number
    numbered.next_number = lambda *_args, **_named: given
    try:
        issuing.issue_notice(proposal=proposal, person=person, now=now)
    finally:
        numbered.next_number = taken


def print_waiting(_seed: int) -> None:
    from scoring.services.printing import render_notices
    from tests.scoring.deciding import DISPLAY_OVER

    while True:
        if not render_notices(now=DISPLAY_OVER):
            time.sleep(PAUSE)


def _wait_to_be_stopped() -> None:
    while True:
        time.sleep(1)


def watch() -> None:
    """How many are numbered and how many have their file, told again and again."""
    from scoring.models import Notice

    while True:
        told = [Notice.objects.count(), Notice.objects.filter(file__isnull=False).count()]
        print(json.dumps(told), flush=True)
        time.sleep(LOOK_SECONDS)


def look() -> None:
    """The numbers as they came out, and every file read back."""
    import hashlib
    from collections import Counter

    from qa_service.files.services import open_file
    from scoring.enums import NoticeState, ProposalState
    from scoring.models import Notice, NumberCounter

    rows = list(Notice.objects.select_related("file", "proposal").order_by("number"))
    numbers = Counter(row.number or 0 for row in rows)
    highest = max((counter.last for counter in NumberCounter.objects.all()), default=0)
    without, wrong = [], []
    for row in rows:
        if row.file is None or row.state != NoticeState.ISSUED:
            without.append(row.label)
            continue
        with open_file(row.file) as paper:
            data = paper.read()
        if hashlib.sha256(data).hexdigest() != row.file_sha256 or not data.startswith(b"%PDF-"):
            wrong.append(f"{row.label}: other bytes than were written down")
        if row.proposal.state != ProposalState.CARRIED_OUT:
            wrong.append(f"{row.label}: its proposal is {row.proposal.state}")
    told = {
        "notices": len(rows),
        "highest": highest,
        "gaps": [number for number in range(1, highest + 1) if number not in numbers],
        "repeated": [number for number, times in numbers.items() if times > 1],
        "without_file": without,
        "wrong": wrong,
    }
    print(json.dumps(told))


DOINGS = {"prepare": prepare, "issue": issue, "print": print_waiting, "watch": watch, "look": look}

if __name__ == "__main__":
    django.setup()
    logging.disable(logging.CRITICAL)
    DOINGS[sys.argv[1]](*map(int, sys.argv[2:]))  # type: ignore[operator]  # each takes what it is called with
