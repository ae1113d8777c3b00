"""The method every centre starts with (domain.md 4.7), as data."""

import json
from pathlib import Path
from typing import Any


def default_scheme() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "scheme.json").read_text(encoding="utf-8"))
    return found
