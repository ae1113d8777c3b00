"""The guarded way out: the owner has checked who asks; here the bytes leave safely."""

from django.http import FileResponse

from qa_service.files.models import StoredFile
from qa_service.files.services import open_file


def guarded(stored: StoredFile, *, filename: str, inline: bool = False) -> FileResponse:
    """Stream a file. Nothing uploaded is ever shown inline as HTML: the type is fixed and sniffing is off."""
    response = FileResponse(
        open_file(stored), as_attachment=not inline, filename=filename, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
