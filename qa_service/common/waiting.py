"""What waits for a person: the block every room offers to the one home."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """`title` and `detail` are sentences (lazy translations allowed); `url` is where the work is done."""

    title: Any
    count: int
    url: str
    urgent: bool = False
    detail: Any = ""
