"""A recorded session replayed against a simulated provider, with and without TokenPak."""
