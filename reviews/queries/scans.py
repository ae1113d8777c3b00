"""The scanned file of a case: its leaves in turn, what is said on them, and why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from qa_service.cases.enums import ClientGroup
from qa_service.cases.models import Case, Client
from reviews.enums import PaperGround
from reviews.models import Checklist, PaperOnly, Scan, ScanPage
from reviews.scans import Helped, ScannedPaper, labels, papers_found, why_on_paper

AROUND: Final = 24  # characters on either side of a hit
MOST_HITS: Final = 50
SHORTEST_SEARCH: Final = 2


def ground_known(case: Case) -> PaperGround | None:
    """Why the file must not be copied: what somebody recorded, else what the case system says."""
    recorded = PaperOnly.objects.filter(case=case).values_list("ground", flat=True).first()
    if recorded:
        return PaperGround(recorded)
    helped = Client.objects.filter(pk=case.client_id) | Client.objects.filter(
        co_cases__case=case, co_cases__taken_off_at=None
    )
    people = [
        Helped(minor=group == ClientGroup.MINOR, birth_year=year)
        for group, year in helped.distinct().values_list("group", "birth_year")
    ]
    return why_on_paper(people, cause=case.cause, accepted_on=case.accepted_on)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: `at` counts through all uploads from 1, `label` is what stands on it; `drawn` where it can be shown."""

    at: int
    label: str
    scan: UUID
    number: int
    drawn: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A leaf whose text holds what was looked for, and the words around it."""

    leaf: Leaf
    words: str


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """All of one case's scanned file. `scans` are the uploads, each with the pages it stands on."""

    scans: tuple[tuple[Scan, str], ...]
    leaves: tuple[Leaf, ...]

    @property
    def unfinished(self) -> bool:
        return any(scan.unfinished for scan, _span in self.scans)

    @property
    def counted(self) -> bool:
        """It is known how many leaves there will be."""
        return all(scan.pages or not scan.unfinished for scan, _span in self.scans)

    @property
    def missing(self) -> tuple[Scan, ...]:
        """Uploads that could not be opened, or not to their end."""
        return tuple(scan for scan, _span in self.scans if scan.trouble)

    @property
    def progress(self) -> tuple[int, int]:
        """Leaves drawn so far, and how many are known of."""
        return sum(scan.drawn for scan, _ in self.scans), sum(scan.pages for scan, _ in self.scans)


def scanned_file(case: Case) -> ScannedFile:
    """Two queries, however long the file is."""
    scans = list(Scan.objects.filter(case=case).order_by("pk"))
    if not scans:
        return ScannedFile((), ())
    rows: dict[int, list[tuple[int, int | None, int, int]]] = {scan.pk: [] for scan in scans}
    drawn = ScanPage.objects.filter(scan__in=list(rows)).order_by("scan", "number")
    for scan_id, *row in drawn.values_list("scan", "number", "picture", "width", "height"):
        rows[scan_id].append((row[0], row[1], row[2], row[3]))
    leaves: list[Leaf] = []
    spans = []
    for scan, standing in zip(scans, labels(_as_paper(scan) for scan in scans), strict=True):
        numbers = [label for label in standing if label.isdecimal()]
        spans.append(f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else "".join(numbers))
        for number, picture, width, height in rows[scan.pk]:
            label = standing[number - 1]
            leaf = Leaf(len(leaves) + 1, label, scan.public_id, number, picture is not None, width, height)
            leaves.append(leaf)
    return ScannedFile(tuple(zip(scans, spans, strict=True)), tuple(leaves))


def _as_paper(scan: Scan, headings: Sequence[tuple[int, str]] = ()) -> ScannedPaper:
    return ScannedPaper(scan.pages, scan.first_page, scan.unnumbered, scan.paper, scan.name, tuple(headings))


def page_picture(case: Case, *, scan: UUID, number: int) -> ScanPage | None:
    """A leaf of this case that can be shown."""
    rows = ScanPage.objects.filter(scan__case=case, scan__public_id=scan, number=number, picture__isnull=False)
    return rows.select_related("picture", "small").defer("text", "heading").first()


def pages_saying(case: Case, words: str, leaves: Sequence[Leaf]) -> list[Hit]:
    """Leaves whose text holds the words, whatever their spaces and case; the first of them.

    The database cannot look: the text lies there encrypted.
    """
    wanted = "".join(words.split()).casefold()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    by_place: Mapping[tuple[UUID, int], Leaf] = {(leaf.scan, leaf.number): leaf for leaf in leaves}
    hits: list[Hit] = []
    rows = ScanPage.objects.filter(scan__case=case, text__isempty=False).order_by("scan", "number")
    for scan, number, text in rows.values_list("scan__public_id", "number", "text").iterator():
        plain = "".join(text.split())
        found = plain.casefold().find(wanted)
        leaf = by_place.get((scan, number))
        if found >= 0 and leaf is not None:
            hits.append(Hit(leaf, plain[max(0, found - AROUND) : found + len(wanted) + AROUND]))
            if len(hits) == MOST_HITS:
                break
    return hits


def text_of(case: Case, leaf: Leaf) -> str:
    """The text on one leaf; empty where it is a picture alone."""
    rows = ScanPage.objects.filter(scan__case=case, scan__public_id=leaf.scan, number=leaf.number)
    return rows.values_list("text", flat=True).first() or ""


def has_text(case: Case) -> bool:
    """There is something to search: a scan of paper is pictures alone."""
    return ScanPage.objects.filter(scan__case=case, text__isempty=False).exists()


def papers_by_machine(case: Case, checklist: Checklist | None) -> dict[str, str]:
    """Where the papers of the catalogue stand by what the uploads say of themselves: code to page or range."""
    scans = list(Scan.objects.filter(case=case, pages__gt=0).order_by("pk"))
    if not scans or checklist is None:
        return {}
    headings: dict[int, list[tuple[int, str]]] = {scan.pk: [] for scan in scans}
    marked = ScanPage.objects.filter(scan__in=scans, heading__isempty=False).order_by("number")
    for scan_id, number, heading in marked.values_list("scan", "number", "heading"):
        headings[scan_id].append((number, heading))
    titles = {paper["code"]: paper["title"]["zh"] for paper in checklist.catalogue}
    return papers_found(titles, [_as_paper(scan, headings[scan.pk]) for scan in scans])
