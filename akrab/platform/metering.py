"""Counters of this process, in Prometheus' text format at `/metrics`."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter("akrab_requests_total", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "akrab_request_seconds",
    "Seconds from the first middleware to the answer.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
