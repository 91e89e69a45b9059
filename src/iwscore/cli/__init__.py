"""The command line: where people come in, and where the clock and the environment are read."""
