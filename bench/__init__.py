"""Benchmarks: the API against a naive app over the same data, and against the bytes alone."""
