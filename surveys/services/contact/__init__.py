"""Whether a person may be reached, and where: their plan, their numbers, what they refused."""
