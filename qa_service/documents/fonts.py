"""Which font files draw which role, and how the ones that come with the product are made ready.

A role is looked for as `<role>.ttf` or `<role>.ttc`: first in `FONTS_DIR` (a site's licensed faces), then in
`DATA_DIR/fonts/official` (`manage.py fonts --official`), then Noto Sans SC answers for it. Within a role the choice is
made character by character, so that one rare name falls back alone. The roles:

    mark     the red head (小标宋, heavy)        title    titles (小标宋)
    hei      first-level headings (黑体)         kai      second-level headings (楷体)
    body     running text (仿宋)                 song     page numbers and tables (宋体)
    figures  digits and Latin letters in running text
    fallback drawn last, for characters no other file holds

Noto Sans SC is installed as one variable font, which ReportLab can't read: two fixed weights are cut from it once.
"""

import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Final

from django.conf import settings

from qa_service.documents.errors import FontsNotReady

logger = logging.getLogger(__name__)

ROLES: Final = ("mark", "title", "hei", "kai", "body", "song", "figures")
CORE_WEIGHTS: Final = (400, 700)
_REGULAR, _BOLD = CORE_WEIGHTS
_CORE_WEIGHT: Final = {"mark": _BOLD, "title": _BOLD, "hei": _BOLD}
# Where the role's own face lacks a character, the nearest in weight and size.
_NEIGHBOURS: Final = {
    "mark": ("title",),
    "title": ("mark",),
    "hei": (),
    "kai": ("figures", "song"),
    "body": ("figures", "song"),
    "song": (),
    "figures": ("song",),
}
_SUFFIXES: Final = (".ttf", ".ttc")


@dataclass(frozen=True, slots=True)
class FontFolders:
    """`cache` is ours to write; `site` holds a site's own faces and is only read."""

    cache: Path
    site: Path | None = None

    @property
    def official(self) -> Path:
        return self.cache / "official"

    def core(self, weight: int) -> Path:
        return self.cache / f"noto-sans-sc-{weight}.ttf"


def configured_folders() -> FontFolders:
    site = getattr(settings, "FONTS_DIR", None)
    return FontFolders(cache=Path(settings.DATA_DIR) / "fonts", site=Path(site) if site else None)


def fonts_ready(folders: FontFolders | None = None) -> bool:
    """Whether documents can be drawn now, without preparing anything."""
    folders = folders or configured_folders()
    return all(folders.core(weight).is_file() for weight in CORE_WEIGHTS)


def candidates(folders: FontFolders) -> dict[str, tuple[Path, ...]]:
    """For each role the files to ask for a glyph, in order.

    Raises `FontsNotReady` when the fonts were never prepared.
    """
    if not fonts_ready(folders):
        raise FontsNotReady
    last = tuple(path for path in [_found(folders.site, "fallback")] if path)
    chains = {}
    for role in ROLES:
        near = [_own_face(folders, name) for name in (role, *_NEIGHBOURS[role])]
        core = folders.core(_CORE_WEIGHT.get(role, _REGULAR))
        chains[role] = (*dict.fromkeys(path for path in near if path), core, *last)
    return chains


def prepare_fonts(folders: FontFolders | None = None) -> bool:
    """Cut the fixed weights that are not there yet; True when something was made. Safe to call from many processes."""
    folders = folders or configured_folders()
    if fonts_ready(folders):
        return False
    folders.cache.mkdir(parents=True, exist_ok=True)
    with only_one(folders.cache / ".lock"):
        absent = [weight for weight in CORE_WEIGHTS if not folders.core(weight).is_file()]
        for weight in absent:
            started = monotonic()
            logger.info("Preparing Noto Sans SC %d for documents, once.", weight)
            cut_weight(weight, folders.core(weight))
            logger.info("Prepared Noto Sans SC %d in %.1f s.", weight, monotonic() - started)
    return bool(absent)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time through; the others wait. The lock dies with its holder."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _own_face(folders: FontFolders, role: str) -> Path | None:
    return _found(folders.site, role) or _found(folders.official, role)


def _found(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    return next((path for suffix in _SUFFIXES if (path := folder / f"{name}{suffix}").is_file()), None)


def variable_font() -> Path:
    """Noto Sans SC with all its weights, as it was installed."""
    return Path(str(files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"))


def cut_weight(weight: int, target: Path) -> None:
    """Write one fixed weight of Noto Sans SC, whole or not at all."""
    # A process of its own: cutting takes 120 MB, which a long-lived worker would never give back.
    source = str(variable_font())
    unfinished = target.with_suffix(f".{os.getpid()}.part")
    try:
        subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "qa_service.documents.instancing", source, str(weight), str(unfinished)],
            check=True,
            capture_output=True,
            cwd=Path(__file__).parents[2],
        )
        unfinished.replace(target)
    except subprocess.CalledProcessError as failure:
        logger.error("Preparing Noto Sans SC %d failed: %s", weight, failure.stderr.decode(errors="replace")[-500:])  # noqa: TRY400 - the traceback is the other process's, and in its words
        raise
    finally:
        unfinished.unlink(missing_ok=True)
