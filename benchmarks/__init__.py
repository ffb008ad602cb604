"""What is measured: `make bench` runs every area, `make bench ONLY=access` one.

An area is a module of this package with `measure(context: Context) -> list[Row]`. The rows are printed as a table and
written to `var/bench/<area>.json`. A goal that is missed stays in the table as missed.
"""
