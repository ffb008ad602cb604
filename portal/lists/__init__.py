"""One list: columns, filters, saved views, acts on several rows, export.

A module declares a `List` in its `lists.py`, registers it, and gives it an address by `ListPage.of(TheList)`. A row is shown by the
policy of its model (`rows`), the order and the filters are those that the list declares and no others (S38), and all of it
stands in the address. Pages go by the key of the last row, so page 5,000 costs what page 1 does.
"""
