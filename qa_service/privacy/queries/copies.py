"""What is held of a person as data for another program (PIPL art. 45)."""

from datetime import datetime
from typing import Any

from qa_service.privacy.queries.people import Dossier


def as_data(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Rule by rule, with what for and on what ground; rows as stored, the columns by their names."""
    return {
        "made_at": at.isoformat(),
        "centre": dossier.client.centre.name,
        "held": [
            {
                "rule": section.rule.key,
                "title": str(section.rule.title),
                "purpose": str(section.rule.purpose),
                "ground": str(section.rule.ground.label),
                "rows": [{cell.name: cell.value for cell in row} for row in section.rows],
            }
            for section in dossier.sections
        ],
    }
