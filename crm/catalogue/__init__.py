"""What the plant sells: brands and products with exact units, price lists by versions, stock by warehouse as a ledger, and what is planned to come in."""
