"""Refusals of the documents room."""

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
