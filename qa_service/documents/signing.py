"""An ordinary PAdES signature under an issued paper, by the certificate of the organisation that issues it.

Off unless `SIGNING_DIR` is set: a folder with one folder for each organisation that signs, named by its code, in which
lie `certificate.p12` (PKCS#12: key, certificate and its chain) and `passphrase`, one line. Without the latter the
setting `SIGNING_PASSPHRASE` opens it. An organisation without such a folder issues unsigned. No picture is drawn: a
seal drawn by us would be a forged one.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from qa_service.documents.errors import SigningFailed

if TYPE_CHECKING:
    from pyhanko.sign import signers

FIELD: Final = "Signature"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where an organisation's certificate lies; nothing of it is kept in memory between two papers."""

    folder: Path
    organisation: str

    @property
    def pkcs12(self) -> bytes:
        """:raises SigningFailed: the file cannot be read."""
        return self._read("certificate.p12")

    @property
    def passphrase(self) -> bytes:
        """:raises SigningFailed: the file is there and cannot be read."""
        if not (self.folder / "passphrase").exists():
            return str(settings.SIGNING_PASSPHRASE).encode()
        return self._read("passphrase").rstrip(b"\r\n")

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            raise SigningFailed(SigningFailed.UNREADABLE, organisation=self.organisation) from None


def certificate_of(code: str, *, organisation: str) -> Certificate | None:
    """Of the organisation with this code; None where it issues unsigned."""
    if not settings.SIGNING_DIR:
        return None
    folder = Path(settings.SIGNING_DIR) / code
    # A code is no path: what would lead out of the folder is nobody's.
    if folder.parent != Path(settings.SIGNING_DIR) or not folder.is_dir():
        return None
    return Certificate(folder, organisation)


def signed(paper: bytes, certificate: Certificate, *, now: datetime) -> bytes:
    """The paper with the signature in a part of its own at its end: what stood before stays byte by byte.

    :raises SigningFailed: the library is not installed, the certificate cannot be read or opened, or its days are over
        or have not begun.
    """
    try:
        # Slow imports, and an optional library: requirements/signing.lock.
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign import signers  # noqa: PLC0415
        from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415
    except ImportError:
        raise SigningFailed(SigningFailed.NOT_INSTALLED, organisation=certificate.organisation) from None
    signer = _opened(certificate)
    days = signer.signing_cert
    if days is None or not days.not_valid_before <= now <= days.not_valid_after:
        raise SigningFailed(SigningFailed.EXPIRED, organisation=certificate.organisation)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", name=certificate.organisation
    )
    out = BytesIO()
    try:
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(paper)), about, signer=signer, output=out)
    except Exception as wrong:  # the library tells what a key can't do in many ways; nothing is issued by any
        raise SigningFailed(SigningFailed.UNUSABLE, organisation=certificate.organisation) from wrong
    return out.getvalue()


def _opened(certificate: Certificate) -> "signers.SimpleSigner":
    from pyhanko.sign import signers  # noqa: PLC0415 - as above

    signer: signers.SimpleSigner | None
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(
            certificate.pkcs12, other_certs=[], passphrase=certificate.passphrase or None
        )
    except (ValueError, TypeError, LookupError):
        signer = None
    if signer is None:
        raise SigningFailed(SigningFailed.NOT_OPENED, organisation=certificate.organisation)
    return signer
