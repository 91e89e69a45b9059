"""A client of the service for Python: typed answers, kept while they are true; needs the extra ``iwscore[client]``."""

from iwscore.client.answers import Answer, Receipt, Report, Said, TrendTable, WhatIf
from iwscore.client.clients import Client
from iwscore.client.logs import Changes
from iwscore.client.refusals import Declined, FaultLine

__all__ = ["Answer", "Changes", "Client", "Declined", "FaultLine", "Receipt", "Report", "Said", "TrendTable", "WhatIf"]
