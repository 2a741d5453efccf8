"""The HTTP API: parameters in, finished records out."""
