"""A cell that a spreadsheet would calculate is refused with its place: what is imported must be what was seen."""

from django.utils.translation import gettext as _

from qa_service.common.errors import InvalidInput

LETTERS = 26
FORMULA_SIGNS = ("=", "@", "＝", "＠")


class FormulaFound(InvalidInput):
    code = "file_with_formula"

    def __init__(self, cell: str) -> None:
        super().__init__(
            _("Cell %(cell)s contains a formula. Replace formulas by their values and upload the file again.")
            % {"cell": cell},
            field="file",
            cell=cell,
        )


def formula_in(text: str) -> bool:
    return text.lstrip(" \ufeff").startswith(FORMULA_SIGNS)


def place(line: int, column: int) -> str:
    """Row 3, column index 27 → `AB3`."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{line}"
