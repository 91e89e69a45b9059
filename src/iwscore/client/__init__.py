"""A client of the service for Python: typed answers, kept while they are true; needs the extra ``iwscore[client]``."""

from iwscore.client.answers import Answer, Said, TrendTable
from iwscore.client.clients import Client
from iwscore.client.refusals import Declined, FaultLine

__all__ = ["Answer", "Client", "Declined", "FaultLine", "Said", "TrendTable"]
