"""What managers see of asking, on paper and as charts: the same lines for page, file, paper and endpoint."""
