"""What one opinion of a court or other organ comes to: its known items, and whether it is low."""

from collections.abc import Mapping, Sequence

ITEMS = ("q1", "q2", "q3", "q4", "q5")
# A mean of no more than this puts the file before the sample (`domain` 4.8).
LOW = 2


def known_marks(values: Mapping[str, str]) -> tuple[int, ...]:
    """The marks from 1 to 5 among the values chosen, by item; what the organ does not know is no mark."""
    return tuple(int(values[item]) for item in ITEMS if values.get(item, "").isdigit())


def is_low(marks: Sequence[int]) -> bool:
    """Whether the mean of the known items is 2 or less: one poor item among good ones is no low opinion."""
    return bool(marks) and sum(marks) <= LOW * len(marks)
