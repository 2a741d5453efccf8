"""The legal model: tables, record schemas and the statements that read them."""
