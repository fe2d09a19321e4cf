"""Connects Bybit accounts to hashdata."""

from hashdata_bybit.connector import Bybit

connector = Bybit()
