"""
Test one key: read, ask what it may do, and judge.

`session.run` asks, `classify` says what each answer means, `judge` decides
and `report` is what a person or a program gets. Only `session` waits for
anything; the rest are plain functions over values.
"""
