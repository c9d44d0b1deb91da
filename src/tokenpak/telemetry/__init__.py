"""What each request was, cost and saved: one row of facts a request, nothing of its content."""
