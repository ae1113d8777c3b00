"""`python -m prove [replies|reports|issuing|delivery]`: all where none is named; a table each, a JSON file beside it.

`replies`, `reports` and `issuing` are the modules of those names. `delivery` is `prove.delivery`: 500 invitations as
the service runs embedded, the same on a PostgreSQL server of its own that is crashed twice, and the control. Its full
size is

    PROVE_BROKER_URL=redis://… python -m prove delivery --invitations 10000 --kills 200 --restarts 4

With PROVE_BROKER_URL workers are processes, as in production. Where `--restarts` is 0, PROVE_DATABASE_URL may name a
database, which is emptied: that is why DATABASE_URL, the one the service may really use, is never looked at.
"""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from prove.cluster import server_binaries
from prove.delivery import ROOT, Trial, table
from prove.delivery import prove as prove_delivery
from prove.issuing import lines as lines_of_issuing
from prove.issuing import prove as prove_issuing
from prove.replies import lines
from prove.replies import prove as prove_replies
from prove.reports import in_a_process_of_its_own
from prove.reports import lines as lines_of_reports

# The control needs no more to show what it has to.
CONTROL = 300
BOTH_WAYS = (0, 2)


def main() -> int:
    parser = argparse.ArgumentParser(prog="prove")
    parser.add_argument("what", nargs="?", choices=("all", "replies", "reports", "issuing", "delivery"), default="all")
    parser.add_argument("--bodies", type=int, default=200_000)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--issues", type=int, default=1000, help="of notices, while a tenth as many processes die")
    parser.add_argument("--invitations", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20, help="of worker processes, by SIGKILL")
    parser.add_argument(
        "--restarts",
        type=int,
        help="immediate ones of a PostgreSQL server of its own; a run each of 0 and 2 if not given",
    )
    parser.add_argument("--limit", type=float, default=3600, help="seconds for one run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "prove.json")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    hold = True
    if options.what in ("all", "replies"):
        read = prove_replies(bodies=options.bodies, seed=options.seed)
        found["replies"], hold = asdict(read), read.holds
        print("\n".join(lines(read)), flush=True)
    if options.what in ("all", "reports"):
        heard = in_a_process_of_its_own(reports=options.reports, seed=options.seed)
        found["reports"], hold = asdict(heard), hold and heard.holds
        print("\n".join(lines_of_reports(heard)), flush=True)
    if options.what in ("all", "issuing"):
        kills = max(options.issues // 10, options.kills)
        numbered = prove_issuing(issues=options.issues, kills=kills, seed=options.seed, limit=options.limit)
        found["issuing"] = [asdict(each) for each in numbered]
        hold = hold and all(each.holds for each in numbered)
        print("\n".join(line for each in numbered for line in lines_of_issuing(each)), flush=True)
    if options.what in ("all", "delivery"):
        results = prove_delivery(trials(options))
        found["delivery"] = [asdict(result) for result in results]
        hold = hold and all(result.holds for result in results)
        print(table(results))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {options.output}")
    return 0 if hold else 1


def trials(options: argparse.Namespace) -> list[Trial]:
    """With the defence, then the control without it, smaller and undisturbed by restarts."""
    restarts = BOTH_WAYS if options.restarts is None else (options.restarts,)
    if any(restarts) and server_binaries() is None:
        print("No PostgreSQL server programs are at hand: nothing is restarted.", flush=True)
        restarts = (0,)
    defended = [
        Trial(
            invitations=options.invitations,
            kills=options.kills,
            restarts=some,
            seed=options.seed,
            limit=options.limit,
        )
        for some in restarts
    ]
    few = min(options.invitations, CONTROL)
    control = replace(defended[0], invitations=few, kills=min(options.kills, few // 10), restarts=0, defended=False)
    return [*defended, control]


if __name__ == "__main__":
    sys.exit(main())
