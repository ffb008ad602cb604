"""Websockets as doorbells: a topic and a cursor, no content; the page then asks over HTTP."""
