"""Published address of the telemetry room."""
