"""Stores keys for real exchanges, which no command does where there is no network."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

import pytest
from hashdata.accounts.adding import Place, Proven, submit
from hashdata.accounts.store import Store
from hashdata.home import Home
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.tester.runs import practise
from hashdata.tester.session import Options
from hashdata.vault import KeyFile

from tests.accounts.exchange import values
from tests.plugins.stranger import Computer


def store_real(computer: Computer, *labels: str) -> list[str]:
    """Store accounts of the stranger's whose keys are sent to its own host, and return their ids."""
    store, means = Store(Home(computer.home), lambda _: None), KeyFile(computer.key_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(computer.site)
        patch.setenv("HASHDATA_HOME", str(computer.home))
        connector = find("stranger")
        exchange = exchange_of(connector)
        report = asyncio.run(practise(connector, exchange, persona_of(exchange, "read-only"), Options()))
    sys.modules.pop("hashdata_stranger")
    vault = store.unlock(means) if store.has_vault() else store.make_vault(means)
    accounts = []
    for number, label in enumerate(labels, 1):
        told = replace(report, account_id=str(10**17 + number), practice=False)
        proven = Proven(connector=connector, credentials=connector.schema.bind(values(number)), report=told)
        accounts.append(submit(store, vault, label, proven, Place()))
    return [account.id for account in accounts]
