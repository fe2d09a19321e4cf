"""Connects Kraken spot accounts to hashdata."""

from hashdata_kraken.connector import connector

__all__ = ["connector"]
