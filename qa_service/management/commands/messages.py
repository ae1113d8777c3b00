"""Collect what can be translated, merge it into each room's catalogue, and compile; no gettext needed."""

import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import template as template_translation

SOURCES = {
    "ground": ("qa_service", "templates"),
    "surveys": ("surveys", "templates/surveys"),
    "reviews": ("reviews", "templates/reviews"),
    "scoring": ("scoring", "templates/scoring"),
}
# What marks a sentence; Babel's extractor only needs the names, the shapes of the calls are read below.
KEYWORDS: dict[str, Any] = dict.fromkeys(
    (
        "_",
        "gettext",
        "gettext_lazy",
        "gettext_noop",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "pgettext_lazy",
        "npgettext",
    )
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


def _files(room: str) -> Iterator[Path]:
    others = {Path(path) for name, paths in SOURCES.items() if name != room for path in paths[1:] if "/" in path}
    for source in SOURCES[room]:
        for path in sorted((settings.BASE_DIR / source).rglob("*")):
            relative = path.relative_to(settings.BASE_DIR)
            elsewhere = any(other in relative.parents for other in others)
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in relative.parts and not elsewhere:
                yield relative


def _messages(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    text = (settings.BASE_DIR / path).read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = template_translation.templatize(text, origin=str(path))
    found: Any = extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    for line, function, arguments, comments in found:
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        if not given or not isinstance(given[0], str):
            continue
        if function in {"pgettext", "pgettext_lazy"}:
            yield line, given[1], comments, given[0]
        elif function == "npgettext":
            yield line, (given[1], given[2]), comments, given[0]
        elif function in {"ngettext", "ngettext_lazy"}:
            yield line, (given[0], given[1]), comments, None
        else:
            yield line, given[0], comments, None


def collected(room: str) -> Catalog:
    """Every message of the room, with the files it stands in (no line numbers: they would change daily)."""
    catalog = Catalog(locale="zh_Hans", project="legal-aid-quality", version="1", charset="utf-8")
    for path in _files(room):
        for _line, message, comments, context in _messages(path):
            catalog.add(message, locations=[(str(path), 0)], auto_comments=comments, context=context)
    return catalog


def catalogue_path(room: str) -> Path:
    return Path(settings.BASE_DIR) / "qa_service" / "locale" / room / "zh_Hans" / "LC_MESSAGES" / "django.po"


def stored(room: str) -> Catalog:
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as handle:
        return read_po(handle, locale="zh_Hans")


def strings_of(message: Message | None) -> list[str]:
    """The translations of a message, one a plural form; none when it is missing or doubtful."""
    if message is None or message.fuzzy or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else [form or "" for form in message.string]


def faults(room: str) -> list[str]:
    """What is missing or stale in a room's Chinese, a sentence each."""
    kept = stored(room)
    found = []
    for message in collected(room):
        if not message.id:
            continue
        key = str(message.id if isinstance(message.id, str) else message.id[0])
        strings = strings_of(kept.get(key, message.context))
        if not strings or not all(strings):
            found.append(f"{room}: not translated: {key!r}")
        elif any(set(PLACEHOLDER.findall(key)) != set(PLACEHOLDER.findall(string)) for string in strings):
            found.append(f"{room}: a placeholder is lost or invented: {key!r}")
    return found


def quarrels() -> list[str]:
    """Sentences that two rooms translate differently: the rooms share one catalogue, so one would win unseen."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for room in SOURCES:
        for message in stored(room):
            strings = strings_of(message)
            if message.id and strings:
                key = str(message.id if isinstance(message.id, str) else message.id[0])
                said.setdefault((message.context, key), {})[strings[0]] = room
    return [
        f"{' and '.join(sorted(rooms.values()))} translate {key!r} differently: {sorted(rooms)}"
        for (_context, key), rooms in said.items()
        if len(rooms) > 1
    ]


class Command(BaseCommand):
    help = "Merge translatable sentences into the catalogues (default), --check them, or --compile them."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--room", choices=sorted(SOURCES), action="append", help="only this room (repeatable)")
        parser.add_argument("--check", action="store_true", help="fail when a sentence is not translated")
        parser.add_argument("--compile", action="store_true", help="write the .mo files that the service reads")

    def handle(self, *_args: Any, **options: Any) -> None:
        rooms = options["room"] or sorted(SOURCES)
        if options["compile"]:
            for room in rooms:
                self._compile(room)
        elif options["check"]:
            missing = [fault for room in rooms for fault in faults(room)] + quarrels()
            if missing:
                raise CommandError("\n".join(missing))
        else:
            for room in rooms:
                self._merge(room)

    def _merge(self, room: str) -> None:
        path = catalogue_path(room)
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = stored(room)
        began = kept.creation_date
        kept.update(collected(room), no_fuzzy_matching=True)
        # The day of collecting says nothing and would collide in every merge.
        kept.creation_date = began
        kept.obsolete.clear()
        with path.open("wb") as handle:
            write_po(handle, kept, width=110, no_location=True, sort_output=True, omit_header=False)
        self.stdout.write(f"{room}: {len(kept)} sentences, {len(faults(room))} to translate")

    def _compile(self, room: str) -> None:
        path = catalogue_path(room)
        if path.exists():
            target = path.with_suffix(".mo")
            temporary = target.with_suffix(".mo.new")
            with temporary.open("wb") as handle:
                write_mo(handle, stored(room))
            temporary.replace(target)
