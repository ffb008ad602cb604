"""Forms, routes and conditions as data: what they mean, and what is refused. Nothing here asks the database."""
