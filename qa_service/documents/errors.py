"""Refusals of the documents room."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import Conflict, InvalidInput


class MissingGlyph(InvalidInput):
    """No font at hand can draw a character. A name printed as a box is worse than no paper: nothing is issued.

    `characters` is for the person who asked; it may be part of a name, so it is never logged.
    """

    code = "missing_glyph"

    def __init__(self, characters: str) -> None:
        named = " ".join(f"{character} (U+{ord(character):04X})" for character in characters)
        super().__init__(
            _("No installed font can print these characters: %(characters)s. Add a font that holds them.")
            % {"characters": named},
        )
        self.characters = characters


class FontsNotReady(Conflict):
    """The fonts are still to be prepared: `fonts.prepare_fonts` does it once, in seconds."""

    code = "fonts_not_ready"

    def __init__(self) -> None:
        super().__init__(_("The fonts are being prepared. Please try again in a minute."))


class FontUnusable(Conflict):
    """A font file put in by the site can't be embedded (PostScript outlines, or an embedding ban)."""

    code = "font_unusable"

    def __init__(self, file_name: str) -> None:
        super().__init__(
            _("The font file %(file)s cannot be embedded: it must have TrueType outlines.") % {"file": file_name},
        )


class SigningFailed(Conflict):
    """The organisation signs its papers and this one could not be signed: nothing is issued, and no number is used."""

    code = "signing_failed"
    NOT_INSTALLED = _("The papers of %(organisation)s are to be signed, and the library for that is not installed.")
    UNREADABLE = _("The certificate of %(organisation)s cannot be read. Ask the operator of this service.")
    NOT_OPENED = _("The certificate of %(organisation)s cannot be opened with its passphrase.")
    EXPIRED = _("The certificate of %(organisation)s is not valid today. A new one is needed.")
    UNUSABLE = _("The certificate of %(organisation)s cannot sign this paper.")

    def __init__(self, why: Any, *, organisation: str) -> None:
        super().__init__(why % {"organisation": organisation})
