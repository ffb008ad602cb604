"""Pages for administrators: the record, effects that failed, health, viewing the site as another person."""
