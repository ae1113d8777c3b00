"""Font files as ReportLab faces, and the choice of a face for each character of a role."""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics, ttfonts

from qa_service.documents.errors import FontUnusable
from qa_service.documents.fonts import FontFolders, candidates
from qa_service.documents.linebreaks import is_ideographic

# Digits and Latin letters within running text are not drawn by the Chinese face: its own are too wide and too dark.
_LATIN_ELSEWHERE: Final = {"body": "figures", "kai": "figures"}
_SUBSETS_KEPT: Final = 32
_BMP: Final = 0x10000
_Value = TypeVar("_Value", bound=Hashable)
_ENTRIES_A_BLOCK: Final = 100  # PDF's own limit on a ToUnicode block


class _Slices:
    """A table that is only ever sliced: saves copying ten megabytes for each document."""

    def __init__(self, data: bytes | mmap, start: int) -> None:
        self._data, self._start = data, start

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._start + part.start : self._start + part.stop]


class _Face(ttfonts.TTFontFace):
    """A face that takes 8 MB instead of 40, and remembers its subsets.

    The red head and the fixed words of a form are the same in every paper. The file is mapped: workers share it.
    """

    _ttf_data: bytes | mmap
    glyphPos: Sequence[int]  # noqa: N815 - ReportLab's name

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        with path.open("rb") as file:
            self._ttf_data = mmap(file.fileno(), 0, access=ACCESS_READ)
        self.glyphPos = array("L", self.glyphPos)
        self.hmetrics = _shared(self.hmetrics)
        self.charWidths = dict(zip(self.charWidths, _shared(self.charWidths.values()), strict=True))
        self._tables: dict[str, Any] = {}
        self._subsets: OrderedDict[tuple[int, ...], bytes] = OrderedDict()

    def get_table(self, tag: str) -> Any:
        tables = self.__dict__.get("_tables")
        if tables is None:  # while the file is still being read
            return super().get_table(tag)  # type: ignore[no-untyped-call]
        if tag not in tables and tag == "glyf":
            tables[tag] = _Slices(self._ttf_data, self.get_table_pos(tag)[0])
        elif tag not in tables:
            tables[tag] = super().get_table(tag)  # type: ignore[no-untyped-call]
        return tables[tag]

    def makeSubset(self, subset: Sequence[int]) -> bytes:  # noqa: N802 - ReportLab's name
        key = tuple(subset)
        if key not in self._subsets:
            self._subsets[key] = super().makeSubset(subset)
            if len(self._subsets) > _SUBSETS_KEPT:
                self._subsets.popitem(last=False)
        self._subsets.move_to_end(key)
        return self._subsets[key]


class Font(ttfonts.TTFont):
    """A face under a name of its own; says to readers which character each glyph is, also beyond U+FFFF."""

    def __init__(self, name: str, path: Path) -> None:
        # Not the parent's own start, which would read the file a second time into a face that forgets its subsets.
        try:
            self.face = _Face(path)
        except ttfonts.TTFError as error:
            raise FontUnusable(path.name) from error
        if getattr(self.face, "_full_font", False):
            raise FontUnusable(path.name)
        # Weights cut from one file share its name, and ReportLab tells embedded faces apart by name alone.
        self.face.name = ttfonts.TTFNameBytes(self.face.name + b"-" + _name_bytes(path.stem))
        self.fontName = name
        self.encoding = ttfonts.TTEncoding()
        self.state: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self.shapable = False
        self._asciiReadable = False  # else each face brings along ninety glyphs nobody used

    def holds(self, character: str) -> bool:
        return bool(self.face.charToGlyph.get(ord(character)))

    def width(self, text: str, size: float) -> float:
        widths, default = self.face.charWidths, self.face.defaultWidth
        return float(sum(widths.get(ord(character), default) for character in text)) * size / 1000

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        subsets = [list(subset) for subset in self.state[doc].subsets]
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        super().addObjects(doc)
        for name, subset in zip(names, subsets, strict=True):
            font = doc.idToObject["BasicFonts"].dict[name]
            doc.idToObject[font.ToUnicode.name].content = _to_unicode(font.BaseFont, subset)


def _shared(values: Iterable[_Value]) -> list[_Value]:
    """The values with equal ones made one object: a face has sixty thousand metrics and some hundred different ones."""
    known: dict[_Value, _Value] = {}
    return [known.setdefault(value, value) for value in values]


def _name_bytes(stem: str) -> bytes:
    return "".join(letter for letter in stem if letter.isascii() and letter.isalnum()).encode()


def _to_unicode(name: str, subset: list[int]) -> str:
    """ReportLab writes code points as they are; PDF wants UTF-16, in blocks of at most a hundred."""
    entries = [f"<{code:02X}> <{_utf16(character)}>" for code, character in enumerate(subset) if character]
    blocks = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in (entries[at : at + _ENTRIES_A_BLOCK] for at in range(0, len(entries), _ENTRIES_A_BLOCK))
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange\n{blocks}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def _utf16(code: int) -> str:
    return f"{code:04X}" if code < _BMP else chr(code).encode("utf-16-be").hex().upper()


class FontBook:
    """The faces of every role. One a process and set of files; drawing with it is for one thread at a time (`lock`)."""

    def __init__(self, chains: dict[str, tuple[Path, ...]]) -> None:
        for path in {path for chain in chains.values() for path in chain}:
            _check(path)
        self._chains = chains
        self._fonts: dict[Path, Font] = {}
        self._chosen: dict[tuple[str, str], Font | None] = {}
        self._advances: dict[tuple[str, str], float] = {}
        self.lock = threading.RLock()
        self.default_name: str = self._font(chains["body"][0]).fontName

    def runs(self, role: str, text: str) -> Iterator[tuple[Font | None, str]]:
        """The text cut where the face changes; a run nothing can draw has no font."""
        for font, characters in groupby(text, lambda character: self.pick(role, character)):
            yield font, "".join(characters)

    def pick(self, role: str, character: str) -> Font | None:
        key = (role, character)
        if key not in self._chosen:
            own = role if is_ideographic(character) else _LATIN_ELSEWHERE.get(role, role)
            chain = dict.fromkeys((*self._chains[own], *self._chains[role]))
            fonts = map(self._font, chain)  # opened only as far as the search goes
            self._chosen[key] = next((font for font in fonts if font.holds(character)), None)
        return self._chosen[key]

    def width(self, role: str, text: str, size: float) -> float:
        return size * sum(self._advance(role, character) for character in text)

    def _advance(self, role: str, character: str) -> float:
        """In ems; one that no face holds counts as a whole em, so that a refused paper can still be laid out."""
        key = (role, character)
        if key not in self._advances:
            font = self.pick(role, character)
            self._advances[key] = font.width(character, 1.0) if font else 1.0
        return self._advances[key]

    def _font(self, path: Path) -> Font:
        if path not in self._fonts:
            font = Font(f"{path.parent.name}-{path.stem}-{path.stat().st_mtime_ns}", path)
            pdfmetrics.registerFont(font)
            self._fonts[path] = font
        return self._fonts[path]


def load_fonts(folders: FontFolders) -> FontBook:
    """Open the faces, once a process for the same files (about 0.1 s a face).

    Raises `FontsNotReady` before `prepare_fonts`, `FontUnusable` for a site's face that can't be embedded.
    """
    chains = candidates(folders)
    stamps = tuple((path, path.stat().st_mtime_ns) for chain in chains.values() for path in chain)
    with _loading:
        return _book(tuple(chains.items()), stamps)


def _check(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(4) == b"OTTO":
            raise FontUnusable(path.name)


_loading = threading.Lock()


@lru_cache(maxsize=2)
def _book(chains: tuple[tuple[str, tuple[Path, ...]], ...], _stamps: tuple[tuple[Path, int], ...]) -> FontBook:
    return FontBook(dict(chains))
