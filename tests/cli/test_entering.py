"""Entering: nobody is asked where nobody is there."""

from iwscore.cli.entering import at_terminal


def test_a_test_is_no_terminal():
    assert not at_terminal()
