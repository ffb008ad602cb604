"""Effects that must happen after commit, kept in the database until they have happened."""
