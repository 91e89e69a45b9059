"""How a log is brought from one revision to the next; what a revision changes belongs to ``revisions``."""
