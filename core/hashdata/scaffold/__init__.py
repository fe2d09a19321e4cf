"""
Start a connector in a package of its own, with what ccxt knows of the exchange filled in.

`planning` checks the answers of a person, `choosing` finds the questions
among ccxt's methods, `writing` fills the templates and lays the folder down.
What nobody but the author can know is a comment that begins with `DECIDE:`,
and the tests of the new package fail for each of them. Until it is decided
the connector believes no answer of a real exchange, so it accepts no key.
"""

from hashdata.scaffold.planning import Plan, plan
from hashdata.scaffold.writing import write

__all__ = ["Plan", "plan", "write"]
