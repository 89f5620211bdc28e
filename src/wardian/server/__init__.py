"""The composition root: what is built from what, and the one ASGI application."""
