"""What the environment of the program may not decide: whom to trust, and where the session's keys are written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

# One program, started anew with each environment, since OpenSSL reads it too.
PROGRAM = """
import asyncio, json, ssl, sys
import aiohttp, trustme
from hashdata.exchange.door import Door, Network, Signed, trust_store
from hashdata.exchange.faults import Faulted
from hashdata.exchange.guard import Guard, Rule
from hashdata.exchange.resolver import Resolver, is_loopback

key, authority, how = sys.argv[1:]
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(key)
lookup = lambda _, port, __: [(2, 1, 6, "", ("127.0.0.1", port))]

async def respond(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\n{}")
    await writer.drain()
    writer.close()

async def by_door(port):
    trust = None
    if how == "trusting":
        trust = trust_store()
        trust.load_verify_locations(authority)
    guard = Guard(["api.example.com"], [Rule("GET", "/x", {})], frozenset())
    network = Network(lookup=lookup, allows=is_loopback, port=port, trust=trust)
    async with Door(network=network) as door:
        try:
            until = asyncio.get_running_loop().time() + 5
            return (await door.send(guard, Signed("GET", "https://api.example.com/x", {}, None), until)).status
        except Faulted as faulted:
            return faulted.fault.cause

async def by_a_plain_client(port):
    context = ssl.create_default_context()
    if how == "plain and trusting":
        context.load_verify_locations(authority)
    connector = aiohttp.TCPConnector(ssl=context, resolver=Resolver(is_loopback, lookup))
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"https://api.example.com:{port}/x") as response:
            return response.status

async def main():
    running = await asyncio.start_server(respond, "127.0.0.1", 0, ssl=server)
    async with running:
        ask = by_a_plain_client if how.startswith("plain") else by_door
        print(json.dumps(await ask(running.sockets[0].getsockname()[1])))

asyncio.run(main())
"""


class Files:
    """An authority that the world does not know, and what it signed."""

    def __init__(self, place: Path) -> None:
        root = trustme.CA()
        self.key = place / "server.pem"
        self.authority = place / "authority.pem"
        self.folder = place / "authorities"
        self.log = place / "keys.log"
        self.key.write_bytes(root.issue_cert("api.example.com").private_key_and_cert_chain_pem.bytes())
        root.cert_pem.write_to_path(str(self.authority))
        self.folder.mkdir()
        named = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(self.authority)]
        digest = subprocess.run(named, capture_output=True, text=True, check=True).stdout.strip()
        (self.folder / f"{digest}.0").write_bytes(self.authority.read_bytes())

    def run(self, how: str, **environment: str | Path) -> object:
        variables = {**os.environ, **{name: str(value) for name, value in environment.items()}}
        command = [sys.executable, "-c", PROGRAM, str(self.key), str(self.authority), how]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, env=variables)
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


def test_an_authority_named_by_a_variable_is_not_trusted(files: Files) -> None:
    assert files.run("production", SSL_CERT_FILE=files.authority, SSL_CERT_DIR=files.folder) == "tls"


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_client_that_listens_to_the_variable_trusts_it(files: Files, name: str) -> None:
    """Else the test above would prove nothing."""
    assert files.run("plain", **{name: files.authority if name.endswith("FILE") else files.folder}) == 200


def test_empty_authorities_named_by_a_variable_take_no_trust_away(files: Files, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()

    assert files.run("trusting", SSL_CERT_FILE=empty, SSL_CERT_DIR=tmp_path) == 200


def test_no_session_key_is_written_down(files: Files, tmp_path: Path) -> None:
    log = tmp_path / "keys.log"

    assert files.run("trusting", SSLKEYLOGFILE=log) == 200
    assert not log.exists() or "CLIENT" not in log.read_text()


def test_a_client_that_listens_to_the_variable_writes_them_down(files: Files, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    log = tmp_path / "keys.log"

    assert files.run("plain and trusting", SSLKEYLOGFILE=log) == 200
    assert "CLIENT" in log.read_text()
