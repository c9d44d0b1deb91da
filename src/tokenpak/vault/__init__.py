"""The vault: an index of code and notes on this machine, and search in it that needs no model."""
