"""What a downloaded file is called: so that a person finds it again, and every browser keeps the name."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from django.http import HttpResponse

# What file systems refuse, what would end the header's line, and what turns the reading direction.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def file_name(*parts: str, extension: str) -> str:
    """`奖惩报告_临江县法律援助中心_2026年.pdf`: the parts that say something, joined."""
    said = (_UNSAFE.sub("-", part).strip(" .-") for part in parts)
    return f"{'_'.join(part for part in said if part)}.{extension}"


def disposition(name: str, *, plain: str, inline: bool = False) -> str:
    """The value of Content-Disposition (RFC 6266, RFC 5987).

    :param plain: the same in ASCII, for programs that know no other signs.
    """
    kind = "inline" if inline else "attachment"
    fallback = _UNSAFE.sub("-", plain.encode("ascii", "ignore").decode())
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def csv_file(lines: Iterable[str], *parts: str, plain: str) -> HttpResponse:
    """A table to save, of lines that `qa_service.documents.csv_export` wrote.

    :param parts: of its name, as for `file_name`; :param plain: as for `disposition`, without the ending.
    """
    return _file(lines, "text/csv; charset=utf-8", file_name(*parts, extension="csv"), f"{plain}.csv")


def pdf_file(data: bytes, *parts: str, plain: str) -> HttpResponse:
    """A paper to save; named as `csv_file` is."""
    return _file(data, "application/pdf", file_name(*parts, extension="pdf"), f"{plain}.pdf")


def _file(content: Iterable[str] | bytes, content_type: str, name: str, plain: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = disposition(name, plain=plain)
    return response
