"""Finding the header below a title row, and which column says what."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qa_service.cases.enums import FaultReason
from qa_service.cases.intake.record import Problem

# Field → column titles understood, the first being the one named when it is missing. The API's field names serve too.
TITLES: dict[str, tuple[str, ...]] = {
    "number": ("法援案号", "案号", "援助案号", "案件编号"),
    "case_type": ("案件类型", "案件类别"),
    "cause": ("案由",),
    "stage": ("援助阶段", "办理阶段", "案件阶段"),
    "client_name": ("受援人", "受援人姓名"),
    "people_helped": ("受援人数", "受援人次"),
    "gender": ("性别",),
    "age": ("年龄",),
    "group": ("人群类别", "受援人类别"),
    "township": ("乡镇", "乡镇街道", "乡镇（街道）", "所在乡镇"),
    "address": ("住址", "家庭住址", "联系地址", "现住址", "地址"),
    "dialect": ("方言", "使用方言", "常用方言"),
    "phone": ("联系电话", "受援人电话", "手机号码"),
    "sms_consent": ("可否短信联系", "是否同意短信"),
    "contact_note": ("联系备注",),
    "lawyer_name": ("承办人", "承办人员", "承办律师"),
    "licence_number": ("执业证号", "执业证书号"),
    "firm_name": ("承办单位", "承办机构"),
    "firm_kind": ("单位类型", "机构类型"),
    "station_name": ("受理站点", "工作站"),
    "organ": ("办案机关",),
    "organ_number": ("办案机关案号", "法院案号", "审理案号", "裁判文书案号"),
    "accepted_on": ("受理日期",),
    "decided_on": ("决定日期", "给予援助决定日期", "审批日期"),
    "assigned_on": ("指派日期",),
    "closed_on": ("结案日期",),
    "hearing_on": ("开庭日期", "开庭时间", "下次开庭日期"),
    "judgment_received_on": ("裁判文书收到日期",),
    "filed_on": ("归档日期",),
    "subsidy_paid_on": ("补贴发放日期", "补贴支付日期"),
    "outcome": ("结案方式",),
    "recovered_amount": ("挽回损失（元）", "挽回损失", "挽回经济损失（元）"),
}
REQUIRED = (
    "number", "case_type", "stage", "client_name", "age", "phone", "sms_consent", "lawyer_name", "licence_number",
    "firm_name", "accepted_on", "closed_on",
)  # fmt: skip
# A row that names this many of our columns is the header; a title row names none.
ENOUGH = 4
LOOKED_AT = 20
SPACES = re.compile(r"\s+")

CellLike = str | float | date | None


def _shown(title: CellLike) -> str:
    """A title as the file spells it, without NUL, which no database keeps."""
    return str(title).replace("\x00", "").strip()


def _key(title: CellLike) -> str:
    return SPACES.sub("", unicodedata.normalize("NFKC", _shown(title or ""))).lower()


FIELD_OF = {_key(title): field for field, titles in TITLES.items() for title in (field, *titles)}


@dataclass(frozen=True, slots=True)
class Columns:
    """`indexes` gives each known field's column; `titles` the words the file itself uses for it."""

    line: int
    indexes: dict[str, int]
    titles: dict[str, str]
    width: int
    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    def pick(self, cells: Sequence[CellLike]) -> dict[str, CellLike]:
        count = len(cells)
        return {field: cells[index] if index < count else None for field, index in self.indexes.items()}

    def check(self, cells: Sequence[CellLike]) -> None:
        """:raises Problem: something stands right of the header; an unquoted comma has shifted the row."""
        if len(cells) > self.width and any(cell not in ("", None) for cell in cells[self.width :]):
            raise Problem("number", FaultReason.TOO_MANY_CELLS)

    def repeated_by(self, cells: Sequence[CellLike]) -> bool:
        """Whether a row names the columns once more, as where two exports were put one below the other."""
        return _names_columns(cells)

    def title_at(self, index: int) -> str:
        """What the file calls a column we know, by its place; of any other the first one's name."""
        return next(
            (self.titles[field] for field, place in self.indexes.items() if place == index), self.title("number")
        )

    def title(self, field: str) -> str:
        return self.titles.get(field) or TITLES[field][0]


def _names_columns(cells: Sequence[CellLike]) -> bool:
    return len([cell for cell in cells if _key(cell) in FIELD_OF]) >= ENOUGH


def find_columns(rows: Iterable[tuple[int, Sequence[CellLike]]]) -> Columns | None:
    """Read up to 20 rows for the header; None when there is none. `missing` are required columns, by their titles.

    A title that stands twice counts where it stands first.
    """
    for line, cells in rows:
        if _names_columns(cells):
            return _columns(line, cells)
        if line >= LOOKED_AT:
            break
    return None


def _columns(line: int, cells: Sequence[CellLike]) -> Columns:
    indexes: dict[str, int] = {}
    titles: dict[str, str] = {}
    unknown: list[str] = []
    width = 0
    for index, cell in enumerate(cells):
        key = _key(cell)
        field = FIELD_OF.get(key)
        if key:
            width = index + 1
        if field and field not in indexes:
            indexes[field] = index
            titles[field] = _shown(cell)
        elif key:
            unknown.append(_shown(cell)[:40])
    missing = tuple(TITLES[field][0] for field in REQUIRED if field not in indexes)
    return Columns(line=line, indexes=indexes, titles=titles, width=width, unknown=tuple(unknown), missing=missing)
