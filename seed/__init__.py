"""The dataset and its pipeline: YAML files are read, checked and compiled into a database."""
