"""What a downloaded file is called: so that a person finds it again, and every browser keeps the name."""

import re
from urllib.parse import quote

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
