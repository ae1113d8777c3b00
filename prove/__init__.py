"""The kill test: a worker that dies at any moment loses no text and sends none twice. Run by `make prove`."""
