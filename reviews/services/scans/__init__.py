"""Scanned files: uploaded at the desk, drawn page by page by the worker, taken off, or kept on paper alone."""

from reviews.services.scans.barring import let_go_of_barred_scans
from reviews.services.scans.drawing import draw_paper, draw_scan, waiting_papers, waiting_scans
from reviews.services.scans.uploading import (
    MAX_BYTES,
    MOST_PAGES,
    MOST_UPLOADS,
    FileOnPaper,
    Upload,
    allow_scans,
    keep_on_paper,
    remove_scan,
    upload_scan,
)

__all__ = [
    "MAX_BYTES",
    "MOST_PAGES",
    "MOST_UPLOADS",
    "FileOnPaper",
    "Upload",
    "allow_scans",
    "draw_paper",
    "draw_scan",
    "keep_on_paper",
    "let_go_of_barred_scans",
    "remove_scan",
    "upload_scan",
    "waiting_papers",
    "waiting_scans",
]
