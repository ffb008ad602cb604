"""Backups: the database and every file as of one moment, while people work; proved, thinned out, and restored into an empty place.

A backup is a folder: `database.dump` (pg_dump), `files.tsv` and `files/` (contents under their sha256), `record/checkpoints.jsonl`, other media, and, written
last, `manifest.json`. A folder without a manifest is none. The secret key is not in it: who has the backup alone can sign nothing.
"""
