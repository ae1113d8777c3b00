"""`python -m prove reports`: 100,000 reports in a random order, through the signed door, against `reports_model`.

Lives of texts as the provider tells them, with what happens on the way: words lost, told twice, told without our
reference or with a made-up one, about another number under ours, contradicting each other, unknown to us, signed by
somebody else; our own request is answered before, between or after, or never. Every report goes through the view with
its signature, one in fifty through the whole of the middleware.

`python -m prove.reports REPORTS SEED` is the part that opens the database, in a process of its own.
"""

import copy
import json
import logging
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import django

from prove.delivery import ROOT, surroundings
from prove.reports_model import Answered, End, Event, Report, Standing, Text, expected, last_word

LIVES: tuple[tuple[str, ...], ...] = (
    ("accepted", "queued", "sending", "sent", "delivered"),
    ("accepted", "queued", "sending", "sent", "delivered", "read"),
    ("scheduled", "queued", "sending", "sent", "undelivered"),
    ("accepted", "queued", "sending", "failed"),
    ("queued", "sent"),
    ("accepted", "scheduled", "canceled"),
)
REFUSED = ("undelivered", "failed")
CODES = ("30003", "30006", "30008", "21610", "21610", "30001", "30002", "30450", "99999", "")
STRANGE = ("received", "receiving", "partially_delivered", "pondering")
REPORTS_A_TEXT = 8
THROUGH_ALL = 50
BATCH = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What went wrong, and beside it what a callback that writes down whatever it heard last would have got wrong."""

    reports: int
    texts: int
    seconds: float
    door: list[str]
    ends: list[str]
    standings: list[str]
    numbers: list[str]
    kept_more_or_less_than_once: int
    refused_texts: int
    handed_over: int
    stopped_numbers: int
    wrong_by_the_last_word: int

    @property
    def holds(self) -> bool:
        """The control must go wrong, and people must have been handed over and stopped: else nothing was shown."""
        wrong = (*self.door, *self.ends, *self.standings, *self.numbers)
        shown = min(self.wrong_by_the_last_word, self.handed_over, self.stopped_numbers) > 0
        return not wrong and not self.kept_more_or_less_than_once and shown


def lines(found: Found) -> Iterator[str]:
    """The table, and the first of whatever went wrong."""
    yield (
        f"{found.reports:,} reports of {found.texts:,} texts in any order, {found.seconds} s:"
        f" ends unlike the model {len(found.ends)} (by the last word: {found.wrong_by_the_last_word:,})"
    )
    yield (
        f"{found.refused_texts:,} texts refused: {found.handed_over:,} conversations handed to staff,"
        f" {found.stopped_numbers:,} numbers stopped; unlike the model"
        f" {len(found.standings)} and {len(found.numbers)}; reports not kept once {found.kept_more_or_less_than_once}"
    )
    for wrong in (found.door, found.ends, found.standings, found.numbers):
        yield from (f"  {each}" for each in wrong[:5])


def in_a_process_of_its_own(*, reports: int, seed: int) -> Found:
    """In a folder of its own too, or on PROVE_DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        environment = surroundings() | {"DJANGO_SETTINGS_MODULE": "prove.settings", "DATA_DIR": folder}
        command = [sys.executable, "-W", "ignore", "-m", "prove.reports", str(reports), str(seed)]
        answer = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Found(**json.loads(answer.stdout.splitlines()[-1]))


def scene(reports: int, chance: random.Random) -> tuple[list[Text], list[Event]]:
    """As many reports, of texts of which some share a number, and some are no questions but thanks."""
    texts: list[Text] = []
    while len(texts) * REPORTS_A_TEXT < reports:
        place = len(texts)
        number = texts[-1].number if texts and chance.random() < 0.1 else f"+8525{place:07d}"
        texts.append(Text(f"ref{place:09d}", number, f"c{place}"))
        if chance.random() < 0.2:
            texts.append(Text(f"ref{place + 1:09d}", number, f"c{place}", asks=False))
    told = [report for place in range(len(texts)) for report in life(place, chance)]
    chance.shuffle(told)
    events: list[Event] = list(told[:reports])
    for place in range(len(texts)):
        if chance.random() < 0.9:
            events.insert(chance.randrange(len(events) + 1), Answered(place, _sid(place)))
    return texts, events


def life(place: int, chance: random.Random) -> list[Report]:
    """More than `REPORTS_A_TEXT` of one text, so that some of the last are never heard."""
    path = chance.choice(LIVES)
    code = chance.choice(CODES)
    heard = [word for word in path if chance.random() < 0.85] or [path[-1]]
    told = [_report(place, word, code) for word in heard]
    told += [_odd(place, chance.choice(heard), code, chance) for _each in range(REPORTS_A_TEXT + 1 - len(told))]
    return told


def _odd(place: int, word: str, code: str, chance: random.Random) -> Report:
    kind = chance.random()
    if kind < 0.35:
        return _report(place, word, code)
    if kind < 0.55:
        return _report(place, word, code, ours=False)
    if kind < 0.75:
        return _report(place, chance.choice(("delivered", "read", "undelivered", "failed", "canceled")), code)
    if kind < 0.85:
        return _report(place, chance.choice(STRANGE), "")
    if kind < 0.95:
        return _report(place, chance.choice(("delivered", "failed")), code, believed=False)
    return _report(place, word, code, sid=f"SM{place:031x}f")


def _report(place: int, word: str, code: str, *, sid: str = "", ours: bool = True, believed: bool = True) -> Report:
    return Report(place, sid or _sid(place), word, code if word in REFUSED else "", ours, believed)


def _sid(place: int) -> str:
    return f"SM{place:031x}0"


def prove(*, reports: int, seed: int) -> Found:
    """In the database of this process, which is emptied."""
    from django.core.management import call_command

    logging.disable(logging.CRITICAL)  # each call that the door refuses would be a line
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    texts, events = scene(reports, random.Random(seed))
    messages = write(texts)
    began = time.monotonic()
    door = [wrong for place, event in enumerate(events) if (wrong := happens(place, event, texts, messages))]
    seconds = time.monotonic() - began
    must = expected(texts, events)
    ends, standings, stopped = became(texts)
    kept = {(event.sid, event.word) for event in events if isinstance(event, Report) and event.believed}
    return Found(
        reports=sum(isinstance(event, Report) for event in events),
        texts=len(texts),
        seconds=round(seconds, 1),
        door=door,
        ends=_unlike(must.ends, ends),
        standings=_unlike([must.standings[text.conversation] for text in texts], standings),
        numbers=sorted(must.stopped_numbers ^ stopped),
        kept_more_or_less_than_once=len(kept ^ told_once()),
        refused_texts=sum(end.state in REFUSED for end in ends),
        handed_over=sum(bool(standing.handed_over) for standing in must.standings.values()),
        stopped_numbers=len(stopped),
        wrong_by_the_last_word=sum(
            end.state != said for end, said in zip(must.ends, last_word(texts, events), strict=True)
        ),
    )


def _unlike(must: Sequence[Any], found: Sequence[Any]) -> list[str]:
    pairs = enumerate(zip(must, found, strict=True))
    return [f"text {place}: {wanted} became {got}" for place, (wanted, got) in pairs if wanted != got]


def write(texts: Sequence[Text]) -> list[Any]:
    """Every text handed to the provider a moment ago, each conversation asked by one and some also thanked."""
    from django.utils import timezone

    from qa_service.common.encryption import blind_index
    from surveys import services
    from surveys.models import Conversation, Message
    from tests import factories

    now = timezone.now()
    services.publish_defaults(now=now)
    centre = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0, "go_live_on": "2020-01-01"})
    case = factories.case(centre, client=factories.client(centre, phone="+85259999999"), survey_released_at=now)
    services.invite_due(now=now)
    asked, invitation = Conversation.objects.get(case=case), Message.objects.get()
    people = {text.conversation: text.number for text in texts}
    clients = _copies(
        case.client,
        [
            {"name_index": f"{place:064d}", "phone": number, "phone_index": blind_index(number)}
            for place, number in enumerate(people.values())
        ],
    )
    plan = case.client.contact_plan
    type(plan).objects.bulk_create([_copy(plan, client=client) for client in clients], batch_size=BATCH)
    cases = _copies(
        case, [{"client": client, "number": f"案{place:07d}"} for place, client in enumerate(clients)]
    )  # fmt: skip
    conversations = dict(
        zip(
            people,
            _copies(
                asked,
                [
                    {"case": case, "recipient": client, "phone_index": client.phone_index,
                     "link_digest": None, "code_digest": None}
                    for case, client in zip(cases, clients, strict=True)
                ],
            ),
            strict=True,
        )
    )  # fmt: skip
    return _copies(
        invitation,
        [
            {"conversation": conversations[text.conversation], "phone": text.number,
             "phone_index": conversations[text.conversation].phone_index, "reference": text.reference,
             "kind": "invitation" if text.asks else "thanks", "gateway": "twilio", "state": "sending",
             "attempts": 1, "lease_until": now, "handed_at": now, "sid": None}
            for text in texts
        ],
    )  # fmt: skip


def _copies(row: Any, own: Sequence[dict[str, Any]]) -> list[Any]:
    made = [_copy(row, **fields) for fields in own]
    return list(type(row).objects.bulk_create(made, batch_size=BATCH))


def _copy(row: Any, **own: Any) -> Any:
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made._state.fields_cache, made._state.adding = {}, True
    made.pk = None
    if hasattr(made, "public_id"):
        made.public_id = uuid.uuid4()
    for name, value in own.items():
        setattr(made, name, value)
    return made


def happens(place: int, event: Event, texts: Sequence[Text], messages: Sequence[Any]) -> str:
    """What the door answered amiss, or empty."""
    from django.utils import timezone

    from surveys.services.delivering.outcomes import record_taken
    from surveys.sms.base import Receipt

    if isinstance(event, Answered):
        record_taken(message=messages[event.text], receipt=Receipt(sid=event.sid), now=timezone.now())
        return ""
    code = _knock(event, texts[event.text].reference, door=_whole if place % THROUGH_ALL == 0 else _view)
    wanted = 204 if event.believed else 403
    return "" if code == wanted else f"{event}: answered {code}"


def _knock(event: Report, reference: str, *, door: Callable[[str, str, str], int]) -> int:
    from django.conf import settings

    from surveys.sms.signatures import sign
    from surveys.sms.twilio import status_callback
    from tests.fakes.twilio import TOKEN, status_form

    genuine = status_callback(reference)
    # Without our mark: none at all, or one that somebody made up.
    made_up = genuine.partition("?")[0] + ("" if event.text % 2 else f"?ref={reference}.{'0' * 16}")
    url = genuine if event.ours else made_up
    form = status_form(event.sid, event.word, error_code=event.code)
    fields = {name: [value] for name, value in form.items()}
    signature = sign(url=url, form=fields, token=TOKEN if event.believed else "somebody else's")
    return door(url.removeprefix(settings.PUBLIC_BASE_URL), urlencode(form), signature)


def _view(path: str, body: str, signature: str) -> int:
    from django.test import RequestFactory

    from surveys.webhooks import FORM, status

    request = RequestFactory().post(path, body, content_type=FORM, headers={"X-Twilio-Signature": signature})
    return int(status(request).status_code)


def _whole(path: str, body: str, signature: str) -> int:
    from django.test import Client

    from surveys.webhooks import FORM

    browser = Client(SERVER_NAME="127.0.0.1")
    return int(browser.post(path, body, content_type=FORM, headers={"X-Twilio-Signature": signature}).status_code)


def became(texts: Sequence[Text]) -> tuple[list[End], list[Standing], frozenset[str]]:
    """Of the same texts in the same order, and the numbers stopped everywhere."""
    from qa_service.common.encryption import blind_index
    from surveys.models import Message, OptOut

    columns = ("state", "rank", "sid", "error_code", "conversation__state", "conversation__channel")
    rows = Message.objects.filter(gateway="twilio").values_list("reference", *columns, "conversation__staff_reason")
    found = {row[0]: row[1:] for row in rows}
    ends = [End(*found[text.reference][:4]) for text in texts]
    standings = []
    for text in texts:
        state, channel, reason = found[text.reference][4:]
        standings.append(Standing(state, reason if channel == "telephone" else ""))
    stopped = set(OptOut.objects.filter(centre=None, lifted_at=None).values_list("phone_index", flat=True))
    numbers = {blind_index(text.number): text.number for text in texts}
    return ends, standings, frozenset(numbers.get(index, index) for index in stopped)


def told_once() -> set[tuple[str, str]]:
    """What is kept of all that was said; a unique constraint keeps each once."""
    from surveys.models import MessageEvent

    return set(MessageEvent.objects.values_list("sid", "status"))


if __name__ == "__main__":
    django.setup()
    print(json.dumps(asdict(prove(reports=int(sys.argv[1]), seed=int(sys.argv[2])))))
