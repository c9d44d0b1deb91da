"""Published addresses of the agent's rooms; the code lives elsewhere."""
