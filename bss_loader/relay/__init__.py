"""Delivers what a consumer reads to where the world is: a webhook, a broker, a table."""
