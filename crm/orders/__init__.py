"""Orders and the gate: price, term, credit, date and quota judged at once over locked rows; deliveries, returns, receivables and payments. Every yes holds."""
