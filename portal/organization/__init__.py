"""Departments, positions, employments and deputyships, all of them dated; the roster import, the directory, the chart."""
