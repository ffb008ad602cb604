"""Selling: leads, opportunities by stages, the funnel of a cohort, quotations in versions, expenses. Stands on customers, catalogue and orders."""
