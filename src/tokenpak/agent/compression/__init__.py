"""Published address of the compression room."""
