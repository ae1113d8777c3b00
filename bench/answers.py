"""Statistics of 100,000 responses against the bare SQL that counts the same, on a throw-away PostgreSQL database.

    python -m bench.answers [--responses 100000] [--rounds 15] [--url postgres://user@host/postgres]

*Ours* is everything a page is made of: the questionnaire found, answers by question, choice and way, reach and
refusal, shares and intervals, words. *Bare* are hand-written statements for the same counts in the same scope, their
rows fetched and thrown away; nothing is compiled (`jit` off) for either. Both run in rounds whose order rotates; bare
runs twice a round, and the run is void when its two halves differ by more than 5 % (A/A). Before anything is timed,
both must have counted the same.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import measure
from bench.intake import database, prepare_django
from bench.measure import Row, at_most, control, interleaved, ratio

RESPONSES = 100_000
ROUNDS = 15
GOAL = 1.3

SCOPE = """
    JOIN surveys_conversation c ON c.id = r.conversation_id
    JOIN cases_case k ON k.id = c.case_id
    JOIN organisations_organisation o ON o.id = k.centre_id
    WHERE o.path LIKE %(path)s AND c.audience = 'client' AND c.wave = 'closing'
      AND r.finished_at IS NOT NULL AND r.answerer <> 'other'
"""
RESPONSES_COUNTED = f"SELECT c.questionnaire_id, r.mode, count(*) FROM surveys_response r {SCOPE} GROUP BY 1, 2"
ANSWERS_COUNTED = f"""
    SELECT a.question_id, a.choice_id, coalesce(nullif(a.mode, ''), r.mode), r.mode, count(*) FROM surveys_answer a
    JOIN surveys_response r ON r.id = a.response_id {SCOPE}
      AND a.choice_id IS NOT NULL AND a.question_id = ANY(%(questions)s)
    GROUP BY 1, 2, 3, 4
"""
REACH_COUNTED = """
    SELECT count(*),
           count(*) FILTER (WHERE r.finished_at IS NOT NULL AND r.answerer <> 'other'),
           count(*) FILTER (WHERE r.id IS NOT NULL OR c.first_opened_at IS NOT NULL OR m.state = 'delivered'
               OR EXISTS (SELECT 1 FROM surveys_contact t WHERE t.conversation_id = c.id
                          AND t.outcome IN ('reached', 'call_back', 'refused', 'come_again'))
               OR EXISTS (SELECT 1 FROM surveys_message i WHERE i.conversation_id = c.id AND i.direction = 'in'))
    FROM surveys_conversation c
    JOIN cases_case k ON k.id = c.case_id
    JOIN organisations_organisation o ON o.id = k.centre_id
    LEFT JOIN surveys_response r ON r.conversation_id = c.id
    LEFT JOIN surveys_message m
        ON m.conversation_id = c.id AND m.direction = 'out' AND m.kind = 'invitation' AND m.step = 0
    WHERE o.path LIKE %(path)s AND c.audience = 'client' AND c.wave = 'closing'
"""


def build(responses: int) -> tuple[Any, Any]:
    """A centre, and its manager, with so many responses of eight questions each."""
    from django.db import connection

    from qa_service.accounts.enums import Role
    from tests import factories
    from tests.surveys.figures.crowd import ANSWERED, crowd

    centre = factories.centre()
    crowd(centre, responses, courses=ANSWERED)
    manager = factories.user(Role.MANAGER, at=centre)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SET jit = off")
    return centre, manager


def jobs(centre: Any, manager: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The statistics as a page asks for them, and the bare statements."""
    from django.db import connection
    from django.utils import timezone

    from qa_service.accounts.models import User
    from surveys.documents.figures.content import About
    from surveys.figures.tallies import told
    from surveys.models import Questionnaire
    from surveys.queries.figures.answers_told import answers_content
    from surveys.queries.figures.scope import Choice
    from surveys.queries.sheets import published_sheet

    sheet = published_sheet(Questionnaire.objects.get(key="client-closing").pk)
    given: dict[str, Any] = {"path": f"{centre.path}%", "questions": [question.id for question in told(sheet)]}
    about = About(centre="", period="", case_type="", as_of=timezone.now())

    def ours() -> Any:
        user = User.objects.get(pk=manager.pk)
        return answers_content(user=user, choice=Choice(), about=about, now=about.as_of)

    def bare() -> Any:
        found = []
        with connection.cursor() as cursor:
            for statement in (RESPONSES_COUNTED, ANSWERS_COUNTED, REACH_COUNTED):
                cursor.execute(statement, given)
                found.append(cursor.fetchall())
        return found

    return ours, bare


def agree(ours: Any, bare: Any) -> None:
    """:raises AssertionError: what is compared does not count the same."""
    responses, answers, ((begun, answered, reached),) = bare
    assert ours.responses == sum(n for _version, _mode, n in responses) == answered
    told = sum(line.n + line.none for question in ours.questions for line in (question.whole,))
    assert told == sum(n for _question, _choice, _mode, _begun, n in answers)
    shares = {rate.code: rate.share for rate in ours.rates}
    assert (shares["reached"].part, shares["reached"].whole) == (reached, begun)


def run(*, url: str = "", responses: int = RESPONSES, rounds: int = ROUNDS) -> list[Row]:
    server = url or os.environ.get("BENCH_DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"
    with database(server) as place:
        prepare_django(place, migrate=True)
        centre, manager = build(responses)
        ours, bare = jobs(centre, manager)
        agree(ours(), bare())
        taken = interleaved({"bare": bare, "ours": ours, "again": bare}, rounds=rounds)
        name = f"statistics of {responses:,} responses ÷ the SQL that counts the same, time"
        return [
            control(one=taken["bare"], other=taken["again"]),
            ratio(name, of=taken["ours"], to=taken["bare"], at_most=GOAL),
            at_most("statements of ours", statements(ours), "", 10),
        ]


def statements(job: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        job()
    return len(asked)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    rows = run(url=options.url, responses=options.responses, rounds=options.rounds)
    print(measure.table(rows))
    measure.write_json(rows, Path("bench-results") / "answers.json")
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
