"""Who did it: an id and a label, no foreign key, so that the record outlives the account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    id: str
    label: str

    @classmethod
    def system(cls, name: str) -> "Actor":
        return cls(id=f"system:{name}", label=name)
