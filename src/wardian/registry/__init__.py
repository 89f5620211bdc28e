"""Registered models: immutable versions made of what runs put out, and the aliases that point at them."""
