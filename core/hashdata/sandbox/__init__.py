"""Serves a practice exchange on loopback. What is answered is the connector's own."""
