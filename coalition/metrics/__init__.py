"""Metrics for Prometheus, served on `METRICS_ADDRESS` only, never on the public address."""
