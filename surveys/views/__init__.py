"""The room's faces: they translate a request and make one call."""
