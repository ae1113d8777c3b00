"""What the figures of reviewing are worked out by (pure)."""
