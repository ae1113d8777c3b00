"""From when the time for handing in a case's file counts (pure)."""

from datetime import date


def counted_from(closed_on: date, judgment_received_on: date | None) -> date:
    """The day of closing, or of the judgment's receipt where that came later."""
    return max(closed_on, judgment_received_on or closed_on)
