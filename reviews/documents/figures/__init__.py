"""Pictures of reviewing, as content."""
