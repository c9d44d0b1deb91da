"""What people and tools ask the running server about itself."""
