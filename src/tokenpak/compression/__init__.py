"""The packing of a conversation: a pure function of the client's own prefix."""
