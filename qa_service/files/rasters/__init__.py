"""Pages of an upload as pictures and text, drawn by a child process that can do nothing else (`child.py`).

What the child says is not trusted either: sizes are bounded, pictures are looked at by their first bytes, and a child
that falls silent, dies or lies is ended. Nothing of an upload is parsed in the service's own processes.
"""

from qa_service.files.rasters.parent import LIMITS, Limits, Outline, Page, PagesUnreadable, pages_of

__all__ = ["LIMITS", "Limits", "Outline", "Page", "PagesUnreadable", "pages_of"]
