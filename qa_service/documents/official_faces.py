"""Fetch the free faces nearest to those the standard names, where npm and apt are at hand, and make them embeddable.

小标宋 and 宋体: Noto Serif SC (OFL), by npm. 仿宋 and 楷体: Fandol (GPL with font exception), from Debian.
黑体: Noto Sans SC, cut from the variable font that is installed anyway. Everything lands in `DATA_DIR/fonts/official`
under the names of the roles.
"""

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext as _

from qa_service.documents.fonts import FontFolders, cut_weight, only_one, prepare_fonts

SERIF_PACKAGE: Final = "@expo-google-fonts/noto-serif-sc@0.4.3"
FANDOL_PACKAGE: Final = "texlive-lang-chinese"
_SERIF: Final = {
    "mark": "900Black/NotoSerifSC_900Black.ttf",
    "title": "700Bold/NotoSerifSC_700Bold.ttf",
    "song": "400Regular/NotoSerifSC_400Regular.ttf",
    "figures": "300Light/NotoSerifSC_300Light.ttf",
}
_FANDOL: Final = {"body": "FandolFang-Regular.otf", "kai": "FandolKai-Regular.otf"}
_HEI_WEIGHT: Final = 500

Say = Callable[[str], None]


class ToolFailed(Exception):  # noqa: N818 - named for the fact
    """A packaging tool gave up; its own words are the message."""


def fetch_official(folders: FontFolders, say: Say) -> list[str]:
    """Bring what is missing; `say` hears each step in a sentence. The roles still without a face come back."""
    prepare_fonts(folders)
    folders.official.mkdir(parents=True, exist_ok=True)
    with only_one(folders.official / ".lock"), TemporaryDirectory(dir=folders.cache) as scratch:
        for step in (_serif, _fandol, _hei):
            try:
                step(folders, Path(scratch), say)
            except ToolFailed as failure:
                say(_("Skipped: %(why)s") % {"why": failure})
    return [role for role in (*_SERIF, *_FANDOL, "hei") if not _face(folders, role).is_file()]


def _serif(folders: FontFolders, scratch: Path, say: Say) -> None:
    absent = _absent(folders, _SERIF)
    if not absent:
        return
    say(_("Fetching %(package)s by npm (68 MB)…") % {"package": SERIF_PACKAGE})
    _run(["npm", "pack", SERIF_PACKAGE, "--pack-destination", str(scratch)], scratch)
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        for role, name in absent.items():
            _write(_face(folders, role), _member(archive, f"package/{name}"))


def _fandol(folders: FontFolders, scratch: Path, say: Say) -> None:
    absent = _absent(folders, _FANDOL)
    if not absent:
        return
    say(_("Fetching %(package)s by apt (49 MB; only two fonts of it are used)…") % {"package": FANDOL_PACKAGE})
    _run(["apt-get", "download", FANDOL_PACKAGE], scratch)
    unpacked = scratch / "fandol.tar"
    with unpacked.open("wb") as out:
        _run(["dpkg-deb", "--fsys-tarfile", str(next(scratch.glob("*.deb")))], scratch, out=out)
    with tarfile.open(unpacked) as archive:
        folder = "./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
        for role, name in absent.items():
            source = scratch / name
            source.write_bytes(_member(archive, f"{folder}/{name}"))
            say(_("Converting %(font)s, about a quarter of a minute…") % {"font": name})
            _converted(source, _face(folders, role))


def _hei(folders: FontFolders, _scratch: Path, say: Say) -> None:
    target = _face(folders, "hei")
    if not target.is_file():
        say(_("Cutting Noto Sans SC %(weight)s…") % {"weight": _HEI_WEIGHT})
        cut_weight(_HEI_WEIGHT, target)


def _face(folders: FontFolders, role: str) -> Path:
    return folders.official / f"{role}.ttf"


def _absent(folders: FontFolders, files: dict[str, str]) -> dict[str, str]:
    return {role: name for role, name in files.items() if not _face(folders, role).is_file()}


def _converted(source: Path, target: Path) -> None:
    from qa_service.documents.outlines import convert  # noqa: PLC0415 - slow import

    unfinished = target.with_suffix(".part")
    convert(source=source, target=unfinished)
    unfinished.replace(target)


def _write(target: Path, data: bytes) -> None:
    unfinished = target.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.replace(target)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        held = archive.extractfile(name)
    except KeyError:
        held = None
    if held is None:
        raise ToolFailed(_("the package no longer holds %(file)s") % {"file": name})
    return held.read()


def _run(command: list[str], folder: Path, *, out: object = subprocess.PIPE) -> None:
    if shutil.which(command[0]) is None:
        raise ToolFailed(_("%(tool)s is not installed") % {"tool": command[0]})
    done = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.PIPE, check=False)  # type: ignore[call-overload]  # noqa: S603
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ToolFailed(_("%(tool)s failed: %(why)s") % {"tool": command[0], "why": " ".join(last)})
