"""What managers see of reviewing: how far it has come, what it found, and how far its readers agree."""
