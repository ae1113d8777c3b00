"""What the charts of grades show, worked out of counts (pure): which mark means something, and in which words."""
