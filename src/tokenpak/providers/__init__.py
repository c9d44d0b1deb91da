"""Providers as data: where they are, which paths are theirs, what they cost."""
