"""Arithmetic on arrays, with NumPy alone: reports and expectations in, likelihoods and tallies out."""
