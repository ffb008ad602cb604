"""Pages: those of the customers' site, and `inside` of the intranet."""
