"""Writing orders and accounts. The order of locks is one: the order, the account, the stock by product and warehouse."""
