"""Tests of iwscore: they mirror ``src/iwscore``; house rules are in ``house``, kept outputs in ``golden``."""
