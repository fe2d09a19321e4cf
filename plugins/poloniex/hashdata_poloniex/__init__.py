"""Connects Poloniex spot accounts to hashdata."""
