"""The program that opens what somebody uploaded. It runs apart, as `python -I child.py`, and knows nothing of us.

It reads the file from its standard input and writes frames to its standard output: a line of JSON, then as many bytes
as the line names. Before it looks at the file it gives up what an intruder would want: the network, other programs,
writing to any file, more memory and time than pages need. Scripts in a PDF never run: the library has no engine for
them.
"""

import ctypes
import io
import json
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

DENIED_ERRNO = 1  # EPERM
SECCOMP, NO_NEW_PRIVILEGES, DIE_WITH_PARENT = 22, 38, 1
# Calls by machine that are refused: sockets; other programs and processes, signals to them, looking into them, changing
# what they may use; memory and queues shared with them; the ring that would do it unseen; making, cutting, moving,
# marking and taking away files; other views of the disk; keys, and what speaks to the kernel itself.
# A taken-over child is of the same user as whoever started it, and in a container that is often root.
DENIED = {
    "x86_64": (
        *(2, 29, 30, 31, 41, 53, 56, 57, 58, 59, 62, 64, 65, 66, 68, 69, 70, 71, 76, 77, 82, 83, 84, 85, 86, 87, 88),
        *(90, 91, 92, 93, 94, 101, 129, 132, 133, 141, 142, 144, 155, 160, 161, 165, 166, 188, 189, 190, 197, 198),
        *(199, 200, 203, 220, 234, 235, 240, 241, 248, 249, 250, 251, 256, 258, 259, 260, 261, 263, 264, 265, 266),
        *(268, 272, 279, 280, 297, 298, 303, 304, 308, 310, 311, 312, 314, 316, 321, 322, 323),
    ),
    "aarch64": (
        *(5, 6, 7, 14, 15, 16, 30, 33, 34, 35, 36, 37, 38, 39, 40, 41, 45, 46, 51, 52, 53, 54, 55, 88, 97, 117, 118),
        *(119, 122, 129, 130, 131, 138, 140, 164, 180, 181, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196),
        *(198, 199, 217, 218, 219, 220, 221, 238, 239, 240, 241, 264, 265, 268, 270, 271, 272, 274, 276, 280, 281),
        282,
    ),
}
# Newer ones have one number everywhere.
DENIED_EVERYWHERE = (424, 425, 428, 429, 430, 431, 432, 433, 434, 435, 437, 438, 440, 442, 448)
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Let through for some of what they do: `openat` for reading alone (fonts), `prlimit64` for asking, `fcntl` but for
# having a signal sent to somebody.
OPENAT, PRLIMIT, FCNTL = ({"x86_64": x, "aarch64": a} for x, a in ((257, 56), (302, 261), (72, 25)))
# Landlock's calls, alike on both; rights to files as bits.
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READING, EVERY_ACCESS = 0b1100, 0b1_1111_1111_1111
READABLE = ("/usr", "/lib", "/lib64", "/etc/fonts", "/proc/self")
OTHER_INTERFACE = 0x40000000
WRITING = 0x243  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
ANY_BIT = 0xFFFFFFFF
SETTING_OWNER, SETTING_SIGNAL, SETTING_OWNER_OF_KIND = 8, 10, 15  # F_SETOWN, F_SETSIG, F_SETOWN_EX
# Where the words of an argument stand in what the filter sees.
SECOND, THIRD, THIRD_UPPER = 24, 32, 36
LONG_SIDE, SMALL_SIDE = 1754, 168  # pixels: A4 at 150 to the inch, and a thumbnail
QUALITY, SMALL_QUALITY = 75, 60
COLOURLESS = 24  # of 255: what a scanner of grey paper adds
TEXT = 20_000  # characters
HEADING, HEADINGS = 200, 300
WRONG_PASSWORD = 4


class Refused(Exception):  # noqa: N818 - named for the fact
    """The word for why there are no pages."""


def confine(*, memory: int, seconds: int) -> None:
    """:raises Refused: this machine does not let us."""
    libc = ctypes.CDLL(None, use_errno=True)
    os.nice(10)  # pages can wait, people who click cannot
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    machine = platform.machine()
    if sys.platform != "linux" or machine not in DENIED:
        raise Refused("unguarded")
    libc.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise Refused("unguarded")
    _read_programs_and_fonts_alone(libc)
    program = _filter(machine)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(SECCOMP, 2, header, 0, 0):
        raise Refused("unguarded")


def _read_programs_and_fonts_alone(libc: ctypes.CDLL) -> None:
    """Landlock: no other file of this user is read, neither the database nor keys. Older kernels have none of it."""
    handled = struct.pack("Q", EVERY_ACCESS)
    ruleset = libc.syscall(LANDLOCK_CREATE, handled, len(handled), 0)
    if ruleset < 0:
        return
    for folder in {sys.prefix, sys.base_prefix, *READABLE}:
        try:
            beneath = os.open(folder, os.O_PATH)
        except OSError:
            continue
        rule = struct.pack("=Qi", READING, beneath)
        libc.syscall(LANDLOCK_ADD, ruleset, 1, rule, 0)
        os.close(beneath)
    if libc.syscall(LANDLOCK_RESTRICT, ruleset, 0):
        raise Refused("unguarded")
    os.close(ruleset)


def _filter(machine: str) -> bytes:
    """A program for the kernel: of another architecture or interface nothing, of the calls above none, else all."""
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, deny, kill = 0x7FFF0000, 0x00050000 | DENIED_ERRNO, 0x80000000
    # A test that holds leads to the refusal at the end.
    refuse = -1
    lines = [
        (load, 0, 0, 4),
        (equal, 1, 0, ARCHITECTURES[machine]),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),
        (at_least, refuse, 0, OTHER_INTERFACE),
        *((equal, refuse, 0, call) for call in (*DENIED[machine], *DENIED_EVERYWHERE)),
    ]
    partly: tuple[tuple[int, tuple[tuple[int, int, int], ...]], ...] = (
        (OPENAT[machine], ((THIRD, any_bit, WRITING),)),
        (PRLIMIT[machine], ((THIRD, any_bit, ANY_BIT), (THIRD_UPPER, any_bit, ANY_BIT))),
        (FCNTL[machine], tuple((SECOND, equal, act) for act in (SETTING_OWNER, SETTING_SIGNAL, SETTING_OWNER_OF_KIND))),
    )
    for call, tests in partly:
        lines.append((equal, 0, 2 * len(tests) + 1, call))
        for word, test, operand in tests:
            lines += [(load, 0, 0, word), (test, refuse, 0, operand)]
        lines.append((answer, 0, 0, allow))
    lines += [(answer, 0, 0, allow), (answer, 0, 0, deny)]
    last = len(lines) - 1
    return b"".join(
        struct.pack("HBBI", code, last - at - 1 if then == refuse else then, other, operand)
        for at, (code, then, other, operand) in enumerate(lines)
    )


def frame(head: dict[str, Any], *parts: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head | {"parts": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


def pages_of_pdf(stream: BinaryIO, *, first: int, most: int) -> None:
    import pypdfium2  # noqa: PLC0415 - after the limits stand
    from pypdfium2 import PdfiumError  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(stream)
        count = len(document)
    except PdfiumError as error:
        raise Refused("encrypted" if getattr(error, "err_code", 0) == WRONG_PASSWORD else "broken") from error
    if not count:
        raise Refused("broken")
    if count > most:
        raise Refused("too_many")
    frame({"count": count, "headings": list(_headings(document))})
    for number in range(first, count + 1):
        try:
            page = document[number - 1]
            scale = LONG_SIDE / max(*page.get_size(), 1)
            picture = page.render(scale=scale).to_pil()
            text = page.get_textpage().get_text_range()
        except PdfiumError:
            frame({"page": number}, b"", b"", b"")  # one leaf of many that cannot be drawn
            continue
        _send(number, picture, text)
        page.close()


def _headings(document: Any) -> Iterator[tuple[int, str]]:
    """Where the bookmarks of a file lead."""
    for at, bookmark in enumerate(document.get_toc(max_depth=2)):
        if at >= HEADINGS:
            return
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            yield index + 1, bookmark.get_title()[:HEADING]


def page_of_image(stream: BinaryIO, *, kind: str, most: int) -> None:
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - after the limits stand

    Image.MAX_IMAGE_PIXELS = 60_000_000
    try:
        picture: Any = Image.open(stream, formats=[kind.upper()])
        if picture.width * picture.height > Image.MAX_IMAGE_PIXELS:
            raise Refused("too_slow")
        picture.draft("RGB", (LONG_SIDE, LONG_SIDE))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((LONG_SIDE, LONG_SIDE))
    except Image.DecompressionBombError as error:
        raise Refused("too_slow") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("broken") from error
    frame({"count": min(1, most), "headings": []})
    _send(1, _on_white(picture), "")


def _on_white(picture: Any) -> Any:
    """What is transparent is paper."""
    from PIL import Image  # noqa: PLC0415

    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        white.alpha_composite(seen)
        return white
    return picture


def _send(number: int, picture: Any, text: str) -> None:
    picture = picture.convert("RGB")
    small = picture.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    if small.convert("HSV").getextrema()[1][1] < COLOURLESS:
        picture, small = picture.convert("L"), small.convert("L")
    words = text.replace("\x00", "")[:TEXT].encode("utf-8", "replace")
    size = {"width": picture.width, "height": picture.height}
    frame({"page": number, **size}, _jpeg(picture, QUALITY), _jpeg(small, SMALL_QUALITY), words)


def _jpeg(picture: Any, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def main(kind: str, first: int, most: int, memory: int, seconds: int) -> None:
    stream = sys.stdin.buffer
    try:
        confine(memory=memory, seconds=seconds)
        if kind == "pdf":
            pages_of_pdf(stream, first=first, most=most)
        else:
            page_of_image(stream, kind=kind, most=most)
    except Refused as refusal:
        frame({"trouble": str(refusal)})
    else:
        frame({"done": True})


if __name__ == "__main__":
    main(sys.argv[1], *(int(given) for given in sys.argv[2:6]))
