"""Numbers as papers, documents and orders carry them: in sequence for each series and year or month, without gaps or doubles."""
