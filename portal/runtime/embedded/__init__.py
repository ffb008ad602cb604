"""PostgreSQL and Valkey from their wheels, with data in the data directory, for sites that name no servers of their own."""
