"""Documentation that is made by running the service."""
