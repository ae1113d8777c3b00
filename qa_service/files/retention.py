"""Bytes belong to whoever stored them, and go with it: uploaded exports with their import, notices never."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Keeping

KEEPING: Final = Keeping(
    without=(
        (_("hashes and kinds of files"), ("files.StoredFile.sha256", "files.StoredFile.content_type")),
        (
            _("name of a stored file: of an upload, which goes with its file; of a notice, which names no client"),
            ("files.StoredFile.name",),
        ),
    ),
)
