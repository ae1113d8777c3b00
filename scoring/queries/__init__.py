"""Reading what was weighed and decided."""

from scoring.queries.scores import case_score_for, current_scores
from scoring.queries.standings import standings
from scoring.queries.work import waiting_decisions as waiting_for

__all__ = ["case_score_for", "current_scores", "standings", "waiting_for"]
