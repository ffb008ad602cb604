"""Plans of sales: split down the organization, decided by a paper, and held against what was sold, under the responsibility of each day."""
