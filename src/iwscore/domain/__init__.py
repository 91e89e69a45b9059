"""Meaning: indicators, problems, sources, observations and the answers, as frozen models."""
