"""A checklist as a document: read with every fault and its place, judged as a whole, written as a file or a table.

Pure: no clock, no database, no framework. A draft is such a document, as unfinished as it may be.
"""

from reviews.blueprint.edits import (
    added_item,
    added_section,
    code_free,
    moved,
    replaced_item,
    replaced_section,
    with_catalogue,
    with_heading,
    with_reasons,
    with_vetoes,
    without,
)
from reviews.blueprint.reading import Document, Misshapen, read_document, read_part
from reviews.blueprint.soundness import Problem, ProblemCode, points_of, problems
from reviews.blueprint.table import HEADER, from_rows, to_rows

__all__ = [
    "HEADER",
    "Document",
    "Misshapen",
    "Problem",
    "ProblemCode",
    "added_item",
    "added_section",
    "code_free",
    "from_rows",
    "moved",
    "points_of",
    "problems",
    "read_document",
    "read_part",
    "replaced_item",
    "replaced_section",
    "to_rows",
    "with_catalogue",
    "with_heading",
    "with_reasons",
    "with_vetoes",
    "without",
]
