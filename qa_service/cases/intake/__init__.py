"""What the cells of an export mean: rows of cells to cases or faults. Pure: no clock, no database."""

from qa_service.cases.intake.cells import takes_texts
from qa_service.cases.intake.columns import Columns, find_columns
from qa_service.cases.intake.record import CaseInput, ClientInput, ContactInput, Entry, Problem, RowFault
from qa_service.cases.intake.rows import read_case, read_person

__all__ = [
    "CaseInput",
    "ClientInput",
    "Columns",
    "ContactInput",
    "Entry",
    "Problem",
    "RowFault",
    "find_columns",
    "read_case",
    "read_person",
    "takes_texts",
]
