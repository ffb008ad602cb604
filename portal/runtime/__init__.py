"""manage.py serve: PostgreSQL, Valkey, web, sockets, worker and beat as children of one process; health for operators."""
