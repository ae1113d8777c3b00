"""The tables that reports of a place and a period are put together from: figures with their words, drawn elsewhere."""
