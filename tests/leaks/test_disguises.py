"""What a server hides a key or a signature in is not shown either, by spellings that the product does not list."""

from __future__ import annotations

import base64
import html
import json
import quopri
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hashdata.answers import Raw, Reading
from hashdata.permissions import Witness
from hashdata.redaction import Redactor
from hashdata.tester.evidence import of_answer, outline

KEY = "QK7ZPA1B-7Q2MZ0XW-L9D4T8RB-VX5YFH3N"
SIGNATURE = "q3/Zk+Vt0aYw8mB1cN5rT7uX2eH4jL6pS9dFgKhQwEo="

DISGUISES: dict[str, Callable[[str], str]] = {
    "split by a line": lambda value: value[:17] + "\n" + value[17:],
    "split by NUL": "\0".join,
    "split by invisible blanks": "\u200b".join,
    "split by dots": ".".join,
    "decimal entities": lambda value: "".join(f"&#{ord(letter)};" for letter in value),
    "hexadecimal entities": lambda value: "".join(f"&#x{ord(letter):x};" for letter in value),
    "one entity": lambda value: value.replace("-", "&#45;").replace("/", "&#x2F;"),
    "every letter in percent": lambda value: "".join(f"%{ord(letter):02x}" for letter in value),
    "percent twice": lambda value: quote(quote(value, safe=""), safe=""),
    "entities of percent": lambda value: html.escape(quote(value, safe="")).replace("%", "&#37;"),
    "wide letters": lambda value: "".join(chr(ord(letter) + 0xFEE0) if letter != " " else letter for letter in value),
    "other case": str.swapcase,
    "base32": lambda value: base64.b32encode(value.encode()).decode(),
    "base64 in lines": lambda value: "\r\n".join(
        base64.b64encode(value.encode()).decode()[at : at + 19] for at in range(0, 64, 19)
    ),
    "base64 of UTF-16": lambda value: base64.b64encode(value.encode("utf-16-le")).decode(),
    "base64url without an end": lambda value: value.replace("+", "-").replace("/", "_").rstrip("="),
    "JSON in JSON": lambda value: json.dumps(json.dumps(value.replace("/", "\\u002f"))),
    "its first part": lambda value: value[:30],
    "its last part": lambda value: value[-20:],
}


def found(text: str, value: str) -> bool:
    """Whether seven letters and digits of the value stand in a row, whatever stands between and in what case."""

    def letters(some: str) -> str:
        return "".join(letter for letter in some if letter.isascii() and letter.isalnum()).lower()

    inner = letters(value)
    return any(inner[at : at + 7] in letters(text) for at in range(len(inner) - 6))


@pytest.mark.parametrize("value", [KEY, SIGNATURE], ids=["key", "signature"])
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguised_value_is_not_shown(disguise: str, value: str) -> None:
    redactor = Redactor([KEY])
    redactor.learn(SIGNATURE)
    hidden = DISGUISES[disguise](value)
    body = json.dumps({"code": hidden, "message": f"you sent {hidden}, which is wrong", hidden: hidden})
    reading = Reading(Raw("POST", "/orders", 400, {"content-type": f"text/{hidden}"}, body, 1))
    evidence = of_answer(reading, Witness.OBSERVED, redactor)
    said = f"{evidence.code} {evidence.message} {outline(reading.raw, reading, redactor)}"

    assert hidden not in said
    assert not found(said, value)


def test_the_bytes_of_a_signature_are_not_shown_in_hex() -> None:
    redactor = Redactor([KEY])
    redactor.learn(SIGNATURE)
    hidden = base64.b64decode(SIGNATURE).hex()
    reading = Reading(Raw("POST", "/orders", 400, {}, json.dumps({"code": 1, "message": f"got {hidden}"}), 1))

    assert hidden[:20] not in str(of_answer(reading, Witness.OBSERVED, redactor).message)


@pytest.mark.parametrize(
    "sentence",
    ["Trading operation is not allowed.", "Invalid toAccount: 300000000000000002", "PF-API-KEY not exists", "余额不足"],
)
def test_an_exchange_s_own_words_are_shown(sentence: str) -> None:
    redactor = Redactor([KEY, "5eed" * 32, "a passphrase of some words"])
    redactor.learn(SIGNATURE)
    reading = Reading(Raw("POST", "/orders", 400, {}, json.dumps({"code": 1, "message": sentence}), 1))

    assert of_answer(reading, Witness.OBSERVED, redactor).message == sentence


@pytest.mark.parametrize("filler", ["\\", "%25", "&amp;", "\u200b", "5eed"])
def test_a_long_answer_is_looked_through_at_once(filler: str) -> None:
    redactor = Redactor([KEY, "5eed" * 32, "!Strong1pass", "\\\\odd one"])
    message = filler * (900_000 // len(filler))
    reading = Reading(Raw("POST", "/orders", 400, {}, json.dumps({"code": 1, "message": message}), 1))
    begin = time.monotonic()
    of_answer(reading, Witness.OBSERVED, redactor)
    outline(reading.raw, reading, redactor)
    redactor.clean(message)

    assert time.monotonic() - begin < 2


def test_quoted_printable_is_looked_through() -> None:
    redactor = Redactor([KEY])
    hidden = quopri.encodestring(KEY.encode(), quotetabs=True).decode()

    assert redactor.suspects(hidden)
