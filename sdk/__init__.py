"""Tests of the OpenAPI document as others use it: linters, and clients made by code generators."""
