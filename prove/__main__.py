"""`python -m prove [replies|delivery]`: both where none is named; a table each, and a JSON file beside it.

`replies` is `prove.replies`; `delivery` kills the worker again and again, with the defence on and off. It runs as the
service does embedded, or on PROVE_DATABASE_URL and PROVE_BROKER_URL with worker processes. That database is emptied,
which is why DATABASE_URL, the one the service may really use, is never looked at.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from prove.killer import Victim
from prove.replies import lines
from prove.replies import prove as prove_replies
from tests.fakes import twilio as fake

ROOT = Path(__file__).resolve().parent.parent
FAULTS = fake.Faults(dropped_reply=0.02, error_before=0.01, error_after=0.02, too_many=0.02, slowest_seconds=0.15)
# Of texts: those whose outcome stays unclear after a second sending. More means that sending itself does not work.
LEFT_TO_A_PERSON = 0.05
ENDED = ("accepted", "sent", "delivered", "undelivered", "failed", "suppressed")


@dataclass(frozen=True, slots=True)
class Result:
    defence: str
    invitations: int
    kills: int
    group_kills: int
    seconds: float
    sent_once: int
    duplicated: int
    lost: int
    waiting_for_a_person: int
    states: dict[str, int]
    seed: int
    database: str
    workers: str

    @property
    def holds(self) -> bool:
        """What must be true: with the defence nothing lost or doubled and little left over, without it some doubled."""
        if self.defence == "on":
            few = self.waiting_for_a_person <= self.invitations * LEFT_TO_A_PERSON
            return self.lost == 0 and self.duplicated == 0 and few
        return self.duplicated > 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="prove")
    parser.add_argument("what", nargs="?", choices=("all", "replies", "delivery"), default="all")
    parser.add_argument("--bodies", type=int, default=200_000)
    parser.add_argument("--invitations", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=420, help="seconds for one run")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "prove.json")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    hold = True
    if options.what != "delivery":
        read = prove_replies(bodies=options.bodies, seed=options.seed)
        found["replies"], hold = asdict(read), read.holds
        print("\n".join(lines(read)), flush=True)
    if options.what != "replies":
        results = [
            run(defence=defence, invitations=options.invitations, seed=options.seed, limit=options.limit)
            for defence in ("on", "off")
        ]
        found["delivery"] = [asdict(result) for result in results]
        hold = hold and all(result.holds for result in results)
        print(table(results))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {options.output}")
    return 0 if hold else 1


def run(*, defence: str, invitations: int, seed: int, limit: float) -> Result:
    """One run in a folder of its own."""
    print(f"defence {defence}: {invitations} invitations …", flush=True)
    with tempfile.TemporaryDirectory(prefix="prove-") as folder, fake.running(FAULTS, seed=seed) as provider:
        environment = surroundings() | {
            "DJANGO_SETTINGS_MODULE": "prove.settings",
            "PROVE_DEFENCE": defence,
            "DATA_DIR": folder,
            "TWILIO_API_BASE_URL": provider.address,
            "LOG_LEVEL": "CRITICAL",
        }
        rows("prepare", environment, invitations)
        pool = "prefork" if environment.get("BROKER_URL") else "threads"
        victim = Victim(
            folder=Path(folder),
            environment=environment,
            chance=random.Random(seed),
            pool=pool,
            taken=lambda: len(provider.messages),
        )
        began = time.monotonic()
        victim.start()
        killer = threading.Thread(target=victim.kill_at_random, daemon=True)
        killer.start()
        try:
            states = wait_for_the_end(environment, invitations, until=began + limit)
        finally:
            victim.stop()
            killer.join(timeout=5)
        seconds = time.monotonic() - began
        states = rows("count", environment)
        references = set(rows("taken", environment))
        creates = provider.creates()
    return Result(
        defence=defence,
        invitations=invitations,
        kills=victim.kills_of_children + victim.kills_of_groups,
        group_kills=victim.kills_of_groups,
        seconds=round(seconds, 1),
        sent_once=sum(count == 1 for count in creates.values()),
        duplicated=sum(count > 1 for count in creates.values()),
        # Not ended and not waiting for a person, or said to be taken while the provider never saw it.
        lost=invitations
        - sum(states.get(state, 0) for state in (*ENDED, "needs_human"))
        + len(references - set(creates)),
        waiting_for_a_person=states.get("needs_human", 0),
        states=states,
        seed=seed,
        database=environment.get("DATABASE_URL", "sqlite").partition(":")[0],
        workers=pool,
    )


def surroundings() -> dict[str, str]:
    """This process's environment, with the database and the broker that are named for this test or none."""
    own = {name: os.environ.get(f"PROVE_{name}", "") for name in ("DATABASE_URL", "BROKER_URL")}
    # Each may also be given as a file, by a name that ends in _FILE.
    others = {name: value for name, value in os.environ.items() if not name.startswith(tuple(own))}
    return others | {name: value for name, value in own.items() if value}


def wait_for_the_end(environment: dict[str, str], invitations: int, *, until: float) -> dict[str, int]:
    """The states when every text has ended or waits for a person, or when the time is over."""
    states: dict[str, int] = {}
    while time.monotonic() < until:
        time.sleep(3)
        states = rows("count", environment)
        if sum(states.get(state, 0) for state in (*ENDED, "needs_human")) == invitations:
            break
    return states


def rows(what: str, environment: dict[str, str], *arguments: object) -> Any:
    """Look at the database from a process of its own: this one never opens it."""
    command = [sys.executable, "-m", "prove.rows", what, *map(str, arguments)]
    answer = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def table(results: list[Result]) -> str:
    head = (
        "defence",
        "invitations",
        "kills",
        "of groups",
        "seconds",
        "sent once",
        "twice or more",
        "lost",
        "to a person",
    )
    body = [
        (
            result.defence, result.invitations, result.kills, result.group_kills, result.seconds, result.sent_once,
            result.duplicated, result.lost, result.waiting_for_a_person,
        )
        for result in results
    ]  # fmt: skip
    lines = [head, *body]
    return "\n".join("  ".join(f"{value!s:>13}" for value in line) for line in lines)


if __name__ == "__main__":
    sys.exit(main())
