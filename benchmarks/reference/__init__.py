"""The page that ours are compared with: bare Django with a session, its user, 20 rows from PostgreSQL and one template."""
