"""The scanned file of a case: its leaves in turn, what is said on them, and why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from qa_service.cases.enums import ClientGroup
from qa_service.cases.models import Case, Client
from reviews.enums import PaperGround
from reviews.models import Checklist, ObjectionLeaf, ObjectionPaper, PaperOnly, Scan, ScanPage
from reviews.scans import Helped, ScannedPaper, labels, papers_found, why_on_paper

AROUND: Final = 24  # characters on either side of a hit
MOST_HITS: Final = 50
SHORTEST_SEARCH: Final = 2
UploadT = TypeVar("UploadT", Scan, ObjectionPaper)
DrawnLeafT = TypeVar("DrawnLeafT", ScanPage, ObjectionLeaf)


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
    """One leaf: `at` counts through all uploads from 1, `label` is what stands on it; `drawn` where it can be shown.

    `key` is its row's.
    """

    key: int
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
class ScannedFile(Generic[UploadT]):
    """All of one case's scanned file, or one paper. `scans` are the uploads, each with the pages it stands on;
    `rows` where its leaves are kept, in their turn.
    """

    scans: tuple[tuple[UploadT, str], ...]
    leaves: tuple[Leaf, ...]
    rows: QuerySet[Any]

    @property
    def unfinished(self) -> bool:
        return any(scan.unfinished for scan, _span in self.scans)

    @property
    def counted(self) -> bool:
        """It is known how many leaves there will be."""
        return all(scan.pages or not scan.unfinished for scan, _span in self.scans)

    @property
    def missing(self) -> tuple[UploadT, ...]:
        """Uploads that could not be opened, or not to their end."""
        return tuple(scan for scan, _span in self.scans if scan.trouble)

    @property
    def progress(self) -> tuple[int, int]:
        """Leaves drawn so far, and how many are known of."""
        return sum(scan.drawn for scan, _ in self.scans), sum(scan.pages for scan, _ in self.scans)


OF_LEAF: Final = ("pk", "number", "picture", "width", "height")


class LeafRow(NamedTuple):
    """The columns of `OF_LEAF`."""

    key: int
    number: int
    picture: int | None
    width: int
    height: int


def scanned_file(case: Case) -> ScannedFile[Scan]:
    """Two queries, however long the file is."""
    kept = ScanPage.objects.filter(scan__case=case).order_by("scan", "number")
    scans = list(Scan.objects.filter(case=case).order_by("pk"))
    if not scans:
        return ScannedFile((), (), kept)
    rows: dict[int, list[LeafRow]] = {scan.pk: [] for scan in scans}
    for scan_id, *row in kept.values_list("scan", *OF_LEAF):
        rows[scan_id].append(LeafRow(*row))
    leaves: list[Leaf] = []
    spans = []
    for scan, standing in zip(scans, labels(_as_paper(scan) for scan in scans), strict=True):
        numbers = [label for label in standing if label.isdecimal()]
        spans.append(f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else "".join(numbers))
        leaves += [
            _leaf(len(leaves) + at, standing[row.number - 1], scan, row) for at, row in enumerate(rows[scan.pk], 1)
        ]
    return ScannedFile(tuple(zip(scans, spans, strict=True)), tuple(leaves), kept)


def paper_as_file(paper: ObjectionPaper) -> ScannedFile[ObjectionPaper]:
    """A paper attached to an objection by itself: its leaves are numbered from 1."""
    kept = paper.leaves.order_by("number")
    rows = [LeafRow(*row) for row in kept.values_list(*OF_LEAF)]
    leaves = tuple(_leaf(row.number, str(row.number), paper, row) for row in rows)
    return ScannedFile(((paper, f"1-{paper.pages}"),), leaves, kept)


def _leaf(at: int, label: str, upload: Scan | ObjectionPaper, row: LeafRow) -> Leaf:
    drawn = row.picture is not None
    return Leaf(row.key, at, label, upload.public_id, row.number, drawn, row.width, row.height)


def _as_paper(scan: Scan, headings: Sequence[tuple[int, str]] = ()) -> ScannedPaper:
    return ScannedPaper(scan.pages, scan.first_page, scan.unnumbered, scan.paper, scan.name, tuple(headings))


def page_picture(case: Case, *, scan: UUID, number: int) -> ScanPage | None:
    """A leaf of this case that can be shown."""
    return _picture(ScanPage.objects.filter(scan__case=case, scan__public_id=scan, number=number))


def paper_picture(paper: ObjectionPaper, *, number: int) -> ObjectionLeaf | None:
    return _picture(paper.leaves.filter(number=number))


def _picture(rows: QuerySet[DrawnLeafT]) -> DrawnLeafT | None:
    drawn = rows.filter(picture__isnull=False).select_related("picture", "small")
    return drawn.defer("text", "heading").first()


def pages_saying(file: ScannedFile[Any], words: str) -> list[Hit]:
    """Leaves whose text holds the words, whatever their spaces and case; the first of them.

    The database cannot look: the text lies there encrypted.
    """
    wanted = "".join(words.split()).casefold()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    by_key: Mapping[int, Leaf] = {leaf.key: leaf for leaf in file.leaves}
    hits: list[Hit] = []
    rows = file.rows.filter(text__isempty=False)
    for key, text in rows.values_list("pk", "text").iterator():
        plain = "".join(text.split())
        found = plain.casefold().find(wanted)
        leaf = by_key.get(key)
        if found >= 0 and leaf is not None:
            hits.append(Hit(leaf, plain[max(0, found - AROUND) : found + len(wanted) + AROUND]))
            if len(hits) == MOST_HITS:
                break
    return hits


def text_of(file: ScannedFile[Any], leaf: Leaf) -> str:
    """The text on one leaf; empty where it is a picture alone."""
    return file.rows.filter(pk=leaf.key).values_list("text", flat=True).first() or ""


def has_text(file: ScannedFile[Any]) -> bool:
    """There is something to search: a scan of paper is pictures alone."""
    return file.rows.filter(text__isempty=False).exists()


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
