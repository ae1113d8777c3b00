"""Uploads become pictures and text in a child that may do nothing else; whatever is wrong with them has a name."""

import ctypes
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa_service.common.errors import InvalidInput, UnsupportedFile
from qa_service.files.enums import PaperKind, Trouble
from qa_service.files.rasters import LIMITS, Outline, PagesUnreadable, pages_of, parent
from qa_service.files.rasters.parent import CHILD
from qa_service.files.sniffing import kind_of_paper
from tests.qa_service.files.papers import pdf, picture, vast_picture, with_script


def drawn(path: Path, data: bytes, kind: PaperKind = PaperKind.PDF, *, first: int = 1, **limits):
    path = path / "paper"
    path.write_bytes(data)
    with path.open("rb") as stream:
        outline, *pages = pages_of(stream, kind=kind, first=first, limits=replace(LIMITS, **limits))
    assert isinstance(outline, Outline)
    return outline, pages


def test_a_pdf_comes_page_by_page_with_its_text_and_bookmarks_and_can_be_gone_on_with(tmp_path):
    outline, pages = drawn(tmp_path, pdf(["cover", "power of attorney", "verdict"], bookmarks=True), first=2)

    assert outline == Outline(3, ((1, "cover"), (2, "power of attorney"), (3, "verdict")))
    assert [(page.number, page.text.strip()) for page in pages] == [(2, "power of attorney"), (3, "verdict")]
    assert [(page.picture[:3], page.small[:3], page.height) for page in pages] == [(b"\xff\xd8\xff",) * 2 + (1754,)] * 2


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("PNG"), PaperKind.PNG),
        (picture("JPEG", mode="L"), PaperKind.JPEG),
        (with_script(), PaperKind.PDF),
    ],
    ids=["transparent PNG", "grey JPEG", "PDF with a script"],
)
def test_a_picture_is_one_page_and_a_script_is_none_of_it(tmp_path, data, kind):
    outline, (page,) = drawn(tmp_path, data, kind)

    assert (outline.count, page.picture[:3], page.text.strip()) == (1, b"\xff\xd8\xff", "")


@pytest.mark.parametrize(
    ("data", "limits", "trouble"),
    [
        (pdf(password="secret"), {}, Trouble.ENCRYPTED),
        (pdf()[:700], {}, Trouble.BROKEN),
        (pdf(), {"pages": 2}, Trouble.TOO_MANY),
        (pdf(), {"wait": 0.0}, Trouble.TOO_SLOW),
        (pdf(), {"memory": 30 * 2**20}, Trouble.CRASHED),
        (pdf(), {"part": 100}, Trouble.CRASHED),
    ],
    ids=lambda value: value if isinstance(value, Trouble) else "",
)
def test_what_cannot_be_drawn_says_why(tmp_path, data, limits, trouble):
    with pytest.raises(PagesUnreadable) as caught:
        drawn(tmp_path, data, **limits)

    assert caught.value.trouble == trouble


def test_a_picture_that_would_fill_the_memory_says_so_before_it_does(tmp_path):
    with pytest.raises(PagesUnreadable) as caught:
        drawn(tmp_path, vast_picture(), PaperKind.PNG)

    assert caught.value.trouble == Trouble.TOO_SLOW


PROBE = """
import ctypes, fcntl, os, platform, resource, socket, sys
sys.path.insert(0, sys.argv[1])
import child
libc, other = ctypes.CDLL(None, use_errno=True), os.getppid()

def raw(numbers, *words):
    number = numbers[platform.machine()]
    if libc.syscall(number, *words) < 0 and ctypes.get_errno() == 1:
        raise PermissionError

child.confine(memory=2**30, seconds=5)
acts = {
    "network": lambda: socket.socket(),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "process": os.fork,
    "file": lambda: open(sys.argv[2], "w"),
    "going": lambda: os.unlink(sys.argv[3]),
    "signal": lambda: os.kill(other, 0),
    "signal to a thread": lambda: raw({"x86_64": 200, "aarch64": 130}, other, 0),
    "signal to a thread of a group": lambda: raw({"x86_64": 234, "aarch64": 131}, other, other, 0),
    "signal by a queue": lambda: raw({"x86_64": 129, "aarch64": 138}, other, 0, None),
    "handle on a process": lambda: os.pidfd_open(other),
    "signal when there is something to read": lambda: fcntl.fcntl(1, fcntl.F_SETOWN, other),
    "limits of others": lambda: resource.prlimit(other, resource.RLIMIT_CORE, (0, 0)),
    "more for itself": lambda: resource.setrlimit(resource.RLIMIT_CPU, (5, 5)),
    "pace of others": lambda: os.setpriority(os.PRIO_PROCESS, other, 19),
    "owner": lambda: os.chown(sys.argv[3], os.getuid(), os.getgid()),
    "times": lambda: os.utime(sys.argv[3]),
    "mark": lambda: os.setxattr(sys.argv[3], "user.x", b"x"),
    "device": lambda: os.mkfifo(sys.argv[2]),
    "another view of the disk": lambda: raw({"x86_64": 272, "aarch64": 97}, 0x20000),
    "handle on a file": lambda: raw({"x86_64": 304, "aarch64": 265}, -100, None, 0),
    "reading": lambda: open(sys.argv[3]).close(),
    "fonts": lambda: os.listdir("/usr/share"),
}
for name, act in acts.items():
    try:
        act()
    except (PermissionError, ValueError):
        continue
    print(name)
print(resource.getrlimit(resource.RLIMIT_CPU)[0], "seconds")
print(*(resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in ("CORE", "FSIZE", "NOFILE")))
"""
LANDLOCK, ITS_VERSION = 444, 1


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
def test_the_child_reaches_no_network_starts_nothing_and_writes_nowhere(tmp_path):
    kept = tmp_path / "kept"
    kept.touch()
    words = [sys.executable, "-I", "-c", PROBE, str(CHILD.parent), str(tmp_path / "new"), str(kept)]

    said = subprocess.run(words, capture_output=True, text=True, check=True)

    # Kernels before 5.13 cannot keep it from reading.
    guarded = ctypes.CDLL(None).syscall(LANDLOCK, None, 0, ITS_VERSION) > 0
    assert said.stdout.split() == [*(() if guarded else ("reading",)), "fonts", "5", "seconds", "0", "0", "32"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


LIAR = """
import json, os, sys, time

def say(head, *parts):
    line = json.dumps(head | {"parts": [len(part) for part in parts]})
    sys.stdout.buffer.write(line.encode() + b"\\n" + b"".join(parts))
    sys.stdout.buffer.flush()

outline, page, jpeg = {"count": 2, "headings": []}, {"page": 1, "width": 9, "height": 9}, b"\\xff\\xd8\\xff"
"""
FIRST = "say(outline); say(page, jpeg, jpeg, b'');"


@pytest.mark.parametrize(
    ("says", "good"),
    [
        ("say(outline | {'count': 601})", 0),
        ("say(outline | {'count': 'many'})", 0),
        ("say(outline); say(page, b'<html>', jpeg, b'')", 1),
        ("say(outline); say(page | {'width': 10**6}, jpeg, jpeg, b'')", 1),
        ("say(outline); say(page, b'', b'', b'words of no page')", 1),
        (f"{FIRST} say(page, jpeg, jpeg, b'')", 2),
        (f"{FIRST} say(page | {{'page': 3}}, jpeg, jpeg, b'')", 2),
        (f"{FIRST} print('no frame')", 2),
        (f"{FIRST} print('x' * 600_000, end='', flush=True); time.sleep(60)", 2),
    ],
)
def test_a_child_that_lies_is_believed_no_word_of_it_and_what_came_before_is_good(tmp_path, monkeypatch, says, good):
    program, upload = tmp_path / "liar.py", tmp_path / "upload"
    program.write_text(LIAR + says)
    upload.write_bytes(pdf())
    # The program apart is what is not trusted: another stands in its place.
    monkeypatch.setattr(parent, "CHILD", program)
    came: list[object] = []

    with upload.open("rb") as stream, pytest.raises(PagesUnreadable) as caught:
        came.extend(pages_of(stream, kind=PaperKind.PDF))

    assert (caught.value.trouble, len(came)) == (Trouble.CRASHED, good)


def test_the_child_is_told_nothing_of_the_service_s_own_surroundings(tmp_path, monkeypatch):
    program, upload = tmp_path / "curious.py", tmp_path / "upload"
    program.write_text(LIAR + "say(outline | {'headings': [[1, name] for name in os.environ]})")
    upload.write_bytes(pdf())
    monkeypatch.setattr(parent, "CHILD", program)
    monkeypatch.setenv("KEY_OF_THE_SERVICE", "secret")

    with upload.open("rb") as stream:
        outline = next(pages_of(stream, kind=PaperKind.PDF))

    assert {title for _page, title in outline.headings} <= {"PATH", "LANG", "LC_CTYPE"}


def test_a_kind_is_told_by_the_first_bytes(tmp_path):
    def kind(data: bytes) -> str:
        path = tmp_path / "upload.pdf"
        path.write_bytes(data)
        with path.open("rb") as stream:
            try:
                return kind_of_paper(stream).value
            except (UnsupportedFile, InvalidInput) as refusal:
                return refusal.code

    found = [kind(data) for data in (pdf(), picture(), picture("JPEG", mode="L"), b"", b"PK\x03\x04", b"MZ")]
    assert found == ["pdf", "png", "jpeg", "file_empty", "unsupported_file", "unsupported_file"]
    assert kind(b"<html><!-- %PDF-1.7 --><script>alert(1)</script>") == "unsupported_file"
