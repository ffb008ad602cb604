"""The bell: rows with a cursor, kinds that modules register, re-authorised when they are sent."""
