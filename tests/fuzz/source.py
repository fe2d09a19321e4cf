"""Random things, with a taste for what has broken readers before."""

from __future__ import annotations

import json
import random
import string

KEY = "CANARYKY-CANARYKY-CANARYKY-CANARY01"
SECRET = "c0ffee" * 21 + "01"
PASSPHRASE = "canary passphrase 7"
STATUSES = (100, 200, 201, 204, 206, 301, 302, 307, 400, 401, 403, 404, 408, 418, 429, 500, 502, 503, 520, 599)
_NAMES = ("code", "message", "msg", "data", "id", "ordId", "symbol", "deposits", "withdrawals", "serverTime", "eq")
_WORDS = ("", "200000", "400007", "403", "Trading operation is not allowed.", "Permission to withdraw denied.")
_NUMBERS = (0, 1, 200, 400, 401, 403, 429, 10042, 24101, 830111, -1, 10**30, 2**63, 0.0, 1e-8, 1.5e300)
_TRICKS = ("<script>alert(1)</script>", "[bold]x[/bold]", "%s %d", "{0.__class__}", "&amp;", "`x`", "*x*", "](x)")
_CONTROLS = "\x1b[31m\x07\r\n\t\x00\x9b]0;\x08"
_ODD = [*range(0x2000), 0x202E, 0x2066, 0xFEFF, 0x1F600, 0xD7FF, 0xE000]


class Source:
    """Gives random text, values, bodies and statuses from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def text(self, longest: int = 40) -> str:
        length = self.random.randrange(longest)
        kind = self.random.randrange(6)
        if kind == 0:
            return "".join(chr(self.random.choice(_ODD)) for _ in range(length))
        if kind == 1:
            return "".join(self.random.choice(_CONTROLS) for _ in range(length))
        if kind == 2:
            return self.secret()
        if kind == 3:
            return self.random.choice(_TRICKS)
        return "".join(self.random.choice(string.printable) for _ in range(length))

    def secret(self) -> str:
        """Return a credential in one of its dresses."""
        value = self.random.choice((KEY, SECRET, PASSPHRASE))
        return self.random.choice((value, value[::-1], value.encode().hex(), json.dumps(value)))

    def value(self, depth: int = 3) -> object:
        kind = self.random.randrange(7 if depth else 5)
        if kind == 0:
            return self.text()
        if kind == 1:
            return self.random.choice(_NUMBERS)
        if kind == 2:
            return self.random.choice((None, True, False))
        if kind in {3, 4}:
            return self.random.choice(_WORDS)
        if kind == 5:
            return [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        return {self.name(): self.value(depth - 1) for _ in range(self.random.randrange(5))}

    def name(self) -> str:
        return self.random.choice(_NAMES) if self.chance(0.8) else self.text(12)

    def body(self, known: tuple[str, ...]) -> str:
        """Return a body: empty, junk, a page, a known one, or a known one with a few characters changed."""
        kind = self.random.randrange(8)
        if kind == 0:
            return ""
        if kind == 1:
            return self.text(200)
        if kind == 2:
            return f"<html>{self.random.choice(known)}</html>"
        if kind in {3, 4}:
            return self.mutated(self.random.choice(known))
        if kind == 5:
            return self.random.choice(known)
        return json.dumps(self.value())

    def mutated(self, text: str) -> str:
        """Return `text` with one to three characters dropped, doubled or changed."""
        letters = list(text)
        for _ in range(self.random.randrange(1, 4)):
            if not letters:
                break
            place = self.random.randrange(len(letters))
            change = self.random.randrange(3)
            if change == 0:
                del letters[place]
            elif change == 1:
                letters.insert(place, letters[place])
            else:
                letters[place] = self.random.choice(string.printable)
        return "".join(letters)
