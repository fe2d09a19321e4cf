"""Connects Poloniex futures accounts to hashdata."""
