"""The scanned file on the screen: one leaf, its neighbours, what was looked for. Every part of it is a link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.files.views import guarded
from reviews.models import ObjectionLeaf, ScanPage
from reviews.queries.scans import (
    Hit,
    Leaf,
    ScannedFile,
    ground_known,
    has_text,
    page_picture,
    pages_saying,
    scanned_file,
    text_of,
)

ZOOMS: Final = (100, 150, 200)
NEIGHBOURS: Final = 3
MOST_DIGITS: Final = 9
# A leaf is turned with seven small ones round it, and who is tied to a case takes ten queries to find out.
UNTIED_FOR: Final = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A leaf with the addresses of its page and its pictures."""

    leaf: Leaf
    page: str
    picture: str

    @property
    def small(self) -> str:
        return f"{self.picture}?small=1"


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the template draws. `apart`: its links open beside the page it stands on, where no script flips it."""

    address: str
    file: ScannedFile[Any]
    shown: Shown | None
    text: str
    before: str
    after: str
    around: tuple[Shown, ...]
    zoom: int
    zooms: tuple[tuple[int, str], ...]
    asked: str
    searchable: bool
    hits: tuple[tuple[Hit, str], ...]
    no_such_page: str
    apart: bool


def viewer(
    request: HttpRequest,
    file: ScannedFile[Any],
    *,
    address: str,
    picture: Callable[[Leaf], str],
    apart: bool = False,
) -> Viewer | None:
    """Which leaf, how large and what is looked for stand in the query; nothing where there is no leaf yet."""
    if not file.leaves:
        return None
    asked = request.GET.get("q", "").strip()[:100]
    zoom = next((each for each in ZOOMS if str(each) == request.GET.get("zoom")), ZOOMS[0])
    leaf, no_such_page = _chosen(file, request.GET)

    def link(to: Leaf, *, size: int = zoom) -> str:
        return f"{address}?{urlencode({'at': to.at, 'zoom': size} | ({'q': asked} if asked else {}))}"

    def shown(each: Leaf) -> Shown:
        return Shown(each, link(each), picture(each))

    at = leaf.at - 1
    first = max(0, min(at - NEIGHBOURS, len(file.leaves) - 2 * NEIGHBOURS - 1))
    return Viewer(
        address=address,
        file=file,
        shown=shown(leaf),
        text=text_of(file, leaf),
        before=link(file.leaves[at - 1]) if at else "",
        after=link(file.leaves[at + 1]) if at + 1 < len(file.leaves) else "",
        around=tuple(shown(each) for each in file.leaves[first : first + 2 * NEIGHBOURS + 1]),
        zoom=zoom,
        zooms=tuple((size, link(leaf, size=size)) for size in ZOOMS),
        asked=asked,
        searchable=has_text(file),
        hits=tuple((hit, link(hit.leaf)) for hit in pages_saying(file, asked)),
        no_such_page=no_such_page,
        apart=apart,
    )


def reading(
    request: HttpRequest,
    case: Case,
    *,
    owner: UUID,
    doors: tuple[str, str] = ("reviews:read-scans", "reviews:read-page"),
    apart: bool = False,
) -> dict[str, Any]:
    """The scanned file as its reader sees it, for a page: `file`, `viewer`, and why there is none where it is known.

    :param owner: whose right it is to read; :param doors: the names of the addresses of the file and of a page.
    """
    file = scanned_file(case)
    shown = viewer(
        request,
        file,
        address=reverse(doors[0], args=[owner]),
        picture=lambda leaf: reverse(doors[1], args=[owner, leaf.scan, leaf.number]),
        apart=apart,
    )
    return {"file": file, "viewer": shown, "on_paper": None if file.scans else ground_known(case)}


def _chosen(file: ScannedFile[Any], query: Mapping[str, str]) -> tuple[Leaf, str]:
    """The leaf asked for by the number on it, or by its place; and the number that is on none."""
    current = file.leaves[0]
    place = query.get("at", "")
    if place.isascii() and place.isdecimal() and len(place) <= MOST_DIGITS:
        current = file.leaves[min(max(int(place), 1), len(file.leaves)) - 1]
    wanted = query.get("page", "").strip()[:20]
    if not wanted:
        return current, ""
    found = next((leaf for leaf in file.leaves if leaf.label == wanted), None)
    return (found, "") if found else (current, wanted)


def check_each_minute(check: Callable[[], None], *, of: UUID, user: User) -> None:
    """Ask whether the person may read a file, unless they were asked for one of its pictures a moment ago.

    :param of: what was given to them of the file, by public id. Raises what `check` does.
    """
    asked = f"untied:{of}:{user.pk}"
    if not cache.get(asked):
        check()
        cache.set(asked, True, UNTIED_FOR)


def picture_of(request: HttpRequest, case: Case, *, scan: UUID, number: int) -> HttpResponse:
    """A leaf as a picture. Whoever calls has looked who asks."""
    return picture_shown(request, page_picture(case, scan=scan, number=number))


def picture_shown(request: HttpRequest, row: ScanPage | ObjectionLeaf | None) -> HttpResponse:
    """Nothing is kept by the browser: a right may end."""
    if row is None:
        raise Http404
    stored = row.small if "small" in request.GET else row.picture
    if stored is None:
        raise Http404
    return cast("HttpResponse", guarded(stored, filename=f"{row.number}.jpg", inline=True))
