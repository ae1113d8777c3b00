"""Bytes from dataclasses: official pages, tables, QR codes, charts, workbooks.

Importing this package imports nothing slow. The doors are `pdf.circular`, `pdf.work_document`, `pdf.sheet`,
`fonts.prepare_fonts`, `xlsx.workbook`, `csv_export.rows` and `charts.svg`; the drawing modules behind `pdf` are
loaded when first used.
"""
