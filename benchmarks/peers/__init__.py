"""The comparison with other engines: one job, its answer by each of them, and a table of how long each took."""
