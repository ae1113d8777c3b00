"""What the cells of an export mean: rows of cells to cases or faults. Pure: no clock, no database."""

from qa_service.cases.intake.columns import Columns, find_columns
from qa_service.cases.intake.record import CaseInput, ClientInput, ContactInput, Problem, RowFault
from qa_service.cases.intake.rows import read_case

__all__ = [
    "CaseInput",
    "ClientInput",
    "Columns",
    "ContactInput",
    "Problem",
    "RowFault",
    "find_columns",
    "read_case",
]
