"""A checklist as one sheet of a workbook: a row for each part, in the order of the list, items below their section.

What is written reads back as the same document. The first column says what a row is, in Chinese or in English.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from reviews.blueprint.reading import LANGUAGES, Document, Fault, FaultCode, Misshapen

HEADER = (
    "类别 Kind", "代码 Code", "名称 Title (zh)", "名称 Title (en)", "分值 Points", "说明 Notes (zh)", "说明 Notes (en)",
    "扣分原因 Reasons", "最低比例 Floors", "可选档次 Marks", "后果 Effect", "是否 Yes/No",
)  # fmt: skip
WIDTHS = (10, 14, 30, 36, 8, 44, 44, 30, 22, 22, 14, 10)
KINDS = {
    "checklist": "评查表", "purpose": "用途", "case_type": "案件类型", "stage": "办理阶段", "measure": "计分方式",
    "reason": "扣分原因", "section": "部分", "item": "评分项", "veto": "否决项", "paper": "必备材料",
}  # fmt: skip
ENGLISH = {chinese: english for english, chinese in KINDS.items()}
HEADING = ("purpose", "case_type", "stage", "measure")
# More rows than the largest list has: what follows is no checklist's.
MOST_ROWS = 3000
YES, NO = "yes", "no"
# Of a reason nothing is said about pages, and of the rest there is no such question.
FLAGS = {YES: True, "是": True, NO: False, "否": False}
COLUMNS = len(HEADER)

Cell = str | int | float | date | None


def to_rows(document: Document) -> list[list[str | int | float | None]]:
    """Below the header. Points are figures, all else is text."""
    rows = [_row("checklist", document["code"], document["title"])]
    rows += [_row(name, document[name]) for name in HEADING]
    for code, reason in document["reasons"].items():
        rows.append(_row("reason", code, reason, flag=reason.get("pageless")))
    for section in document["sections"]:
        rows.append(_row("section", section["code"], section["title"], notes=section["note"]))
        for item in section["items"]:
            row = _row("item", item["code"], item["title"], notes=item["evidence"])
            row[4] = _number(item["points"])
            row[7:10] = [
                " ".join(item["reasons"]),
                " ".join(f"{code}={share}" for code, share in item["floors"].items()),
                " ".join(item["anchors"]),
            ]
            rows.append(row)
    for veto in document["vetoes"]:
        row = _row("veto", veto["code"], veto["title"], notes=veto["basis"], flag=veto["transfer"])
        row[10] = veto["effect"]
        rows.append(row)
    rows += [_row("paper", paper["code"], paper["title"]) for paper in document["catalogue"]]
    return rows


def _row(
    kind: str,
    code: str,
    title: dict[str, Any] | None = None,
    *,
    notes: dict[str, str] | None = None,
    flag: bool | None = None,
) -> list[str | int | float | None]:
    row: list[str | int | float | None] = [None] * COLUMNS
    row[:2] = [KINDS[kind], code]
    row[2:4] = [(title or {}).get(language) for language in LANGUAGES]
    row[5:7] = [(notes or {}).get(language) for language in LANGUAGES]
    row[11] = None if flag is None else YES if flag else NO
    return row


def _number(points: str) -> int | float:
    return float(points) if "." in points else int(points)


def from_rows(rows: Iterable[tuple[int, Sequence[Cell]]]) -> Any:
    """What `read_document` reads, from the rows of a sheet and their numbers; the header is passed over.

    :raises Misshapen: a row of no known kind, an item above the first section, or more rows than a list has.
    """
    gathered = _Gathered()
    for count, (line, cells) in enumerate(rows):
        if count > MOST_ROWS:
            gathered.faults.append(Fault((), "rows", FaultCode.TOO_MANY, str(MOST_ROWS)))
            break
        gathered.take(line, [*cells, *[None] * COLUMNS][:COLUMNS])
    if gathered.faults:
        raise Misshapen(gathered.faults)
    return gathered.document


class _Gathered:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.document: Document = {"reasons": {}, "sections": [], "vetoes": [], "catalogue": []}

    def take(self, line: int, cells: list[Cell]) -> None:
        kind = _written(cells[0])
        kind = ENGLISH.get(kind, kind.lower())
        if not any(_written(cell) for cell in cells) or cells[0] == HEADER[0]:
            return
        code, title = _written(cells[1]), _texts(cells[2:4])
        match kind:
            case "checklist":
                self.document |= {"code": code, "title": title}
            case "purpose" | "case_type" | "stage" | "measure":
                self.document[kind] = code
            case "reason":
                self.document["reasons"][code] = title | self._flag(line, "pageless", cells[11])
            case "section":
                self.document["sections"].append(
                    {"code": code, "title": title, "note": _texts(cells[5:7]), "items": []}
                )
            case "item":
                self._take_item(line, code, title, cells)
            case "veto":
                effect = {"effect": _written(cells[10]), "basis": _texts(cells[5:7])}
                veto = {"code": code, "title": title, **effect, **self._flag(line, "transfer", cells[11])}
                self.document["vetoes"].append(veto)
            case "paper":
                self.document["catalogue"].append({"code": code, "title": title})
            case _:
                self.faults.append(Fault((f"#{line}",), "kind", FaultCode.UNKNOWN_KIND, ", ".join(KINDS.values())))

    def _take_item(self, line: int, code: str, title: dict[str, str], cells: list[Cell]) -> None:
        if not self.document["sections"]:
            self.faults.append(Fault((f"#{line}", code), "kind", FaultCode.NO_SECTION_YET))
            return
        # Without "=" a floor has no share, and that is told of it.
        floors = (pair.partition("=") for pair in _written(cells[8]).split())
        item = {
            "code": code,
            "points": _written(cells[4]),
            "title": title,
            "evidence": _texts(cells[5:7]),
            "reasons": _written(cells[7]).split(),
            "floors": {reason: share for reason, _sign, share in floors},
            "anchors": _written(cells[9]).split(),
        }
        self.document["sections"][-1]["items"].append(item)

    def _flag(self, line: int, name: str, cell: Cell) -> dict[str, bool]:
        written = _written(cell).lower()
        if not written:
            return {}
        if written not in FLAGS:
            self.faults.append(Fault((f"#{line}",), name, FaultCode.NOT_ONE_OF, f"{YES}, {NO}"))
            return {}
        return {name: FLAGS[written]}


def _written(cell: Cell) -> str:
    """A figure as somebody typed it: spreadsheets make 3.0 of 3."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _texts(cells: list[Cell]) -> dict[str, str]:
    return {language: _written(cell) for language, cell in zip(LANGUAGES, cells, strict=True)}
