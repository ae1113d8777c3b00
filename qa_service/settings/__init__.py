"""Settings: `base` is everything, `embedded`, `production` and `test` are differences only."""
