"""Pages in the editor: the same fields, the same rules, as in the short form."""
