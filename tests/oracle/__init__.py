"""A slow, plain-Python reading of the method, to check the engine against.

It is written from the method's description alone, shares no code with the engine, and prefers
the plainest form to the fastest. `Oracle` answers, `worlds` makes random catalogs and reports.
"""

from tests.oracle.answers import Oracle

__all__ = ["Oracle"]
