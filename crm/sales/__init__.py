"""Selling: leads, opportunities by stages, the funnel of a cohort and quotations in versions. Stands on customers, catalogue and orders."""
