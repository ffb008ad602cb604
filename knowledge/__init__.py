"""What the plant knows: articles by category and department, contributed by anyone, admitted by the keepers of a category,
verified by those who answer for them.

An article is a page (`portal.pages`): its row is what was admitted last, drafts are revisions, and each admission is kept as a version. A category is a
branch of the tree of pages; who keeps it follows from a duty. Owners are positions, so nothing is orphaned when somebody leaves.
"""
