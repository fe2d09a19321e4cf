"""A module of a connector that fails while it is imported."""

x = 1 / 0
