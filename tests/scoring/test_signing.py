"""Issued papers signed with the certificate of their issuer, validated by the library's own reader."""

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.test import Client
from django.urls import reverse
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from qa_service.documents.errors import SigningFailed
from scoring.enums import NoticeState, PrintRefusal, RuleCode
from scoring.models import Notice, NumberCounter, Proposal
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, Office, SameScene, printed, ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

PASSPHRASE = b"linjiang-2026"
SOON = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key: rsa.RSAPrivateKey, *, until: datetime = datetime(2036, 1, 1, tzinfo=UTC)) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "临江县法律援助中心")])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key(), serial_number=1)
    made = made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(until)
    return made.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def lay(folder: Path, key: rsa.RSAPrivateKey, cert: x509.Certificate, *, passphrase: bytes = PASSPHRASE) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    locked = serialization.BestAvailableEncryption(PASSPHRASE)
    (folder / "certificate.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, cert, None, locked))
    (folder / "passphrase").write_bytes(passphrase + b"\n")


class TestACentreThatSigns(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return ready(RuleCode.S2)

    @pytest.fixture
    def folder(self, place: Office, tmp_path: Path, settings: Any) -> Path:
        settings.SIGNING_DIR = str(tmp_path)
        return tmp_path / place.centre.code

    def issued(self, place: Office, row: Proposal) -> Notice:
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        render_notices(now=DISPLAY_OVER)
        return Notice.objects.get(pk=notice.pk)

    def test_its_paper_is_signed_and_the_digest_is_of_the_signed_file(
        self, place: Office, row: Proposal, folder: Path, key: rsa.RSAPrivateKey
    ) -> None:
        cert = certificate(key)
        lay(folder, key, cert)
        notice = self.issued(place, row)
        paper = printed(notice)

        assert sound(paper, cert)
        assert notice.file_sha256 == sha256(paper).hexdigest()
        assert notice.label in text_of(paper).replace("\n", "")

    def test_an_altered_paper_is_seen(self, place: Office, row: Proposal, folder: Path, key: rsa.RSAPrivateKey) -> None:
        cert = certificate(key)
        lay(folder, key, cert)
        paper = bytearray(printed(self.issued(place, row)))
        at = paper.index(b"/Producer") + 12  # a letter of what the file says about itself
        paper[at] ^= 1

        assert not sound(bytes(paper), cert)

    @pytest.mark.parametrize("fault", ["passphrase", "expired", "no_file", "rubbish"])
    def test_what_cannot_be_signed_is_refused_by_name_and_uses_no_number(
        self, place: Office, row: Proposal, folder: Path, key: rsa.RSAPrivateKey, fault: str, time_machine
    ) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        lay(folder, key, certificate(key, until=SOON) if fault == "expired" else certificate(key))
        if fault == "passphrase":
            (folder / "passphrase").write_text("wrong")
        elif fault == "no_file":
            (folder / "certificate.p12").unlink()
        elif fault == "rubbish":
            (folder / "certificate.p12").write_bytes(b"rubbish")
        with pytest.raises(SigningFailed) as refused:
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        browser = Client()
        browser.force_login(place.supervisor)
        page = browser.post(reverse("scoring:issue", args=[row.public_id]), {"own_number": ""})

        assert "机构" in str(refused.value.message)
        assert (page.status_code, PASSPHRASE.decode() in page.content.decode()) == (409, False)
        assert not Notice.objects.exists()
        assert not NumberCounter.objects.exists()

    def test_a_certificate_lost_after_the_number_was_given_keeps_it_waiting(
        self, place: Office, row: Proposal, folder: Path, key: rsa.RSAPrivateKey
    ) -> None:
        lay(folder, key, certificate(key))
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        (folder / "certificate.p12").rename(folder / "elsewhere")
        render_notices(now=DISPLAY_OVER)
        notice.refresh_from_db()
        assert (notice.state, notice.refused_for) == (NoticeState.ISSUING, PrintRefusal.SIGNING_FAILED)
        (folder / "elsewhere").rename(folder / "certificate.p12")
        render_notices(now=DISPLAY_OVER)
        notice.refresh_from_db()

        assert notice.state == NoticeState.ISSUED

    def test_who_has_no_folder_issues_unsigned(self, place: Office, row: Proposal, folder: Path) -> None:
        assert not folder.exists()

        assert b"/ByteRange" not in printed(self.issued(place, row))


def sound(paper: bytes, trusted: x509.Certificate) -> bool:
    """That the one signature covers the whole file and is by the certificate."""
    roots = [*load_certs_from_pemder_data(trusted.public_bytes(serialization.Encoding.DER))]
    context = ValidationContext(trust_roots=roots, moment=DISPLAY_OVER)
    (found,) = PdfFileReader(io.BytesIO(paper)).embedded_signatures
    status = validate_pdf_signature(found, context)
    return bool(status.intact and status.valid and status.trusted and status.coverage.name == "ENTIRE_FILE")
