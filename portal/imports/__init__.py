"""One import: from a file that people made to rows of the portal, by way of a preview.

A module declares an `Importer` in its `imports.py` (columns with their aliases, how lines are planned and applied, who may) and gives it addresses by
`importer_urls`. It gets upload, template, columns to be put right, a preview line by line, questions on near names, a run in the background that does
all or nothing, and the refused lines as a file.
"""
