"""The values of one key: what a connector asks for, and how they are kept from showing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Never

from hashdata.errors import CredentialError
from hashdata.redaction import Redactor

MAX_LENGTH = 1024
# What the door can hand to ccxt; ccxt's own names for them stand in `hashdata.exchange` alone.
FIELD_NAMES = ("api_key", "secret", "passphrase")
# A misspelt field name may be shown, a credential in its place may not.
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z_ -]{0,23}")
# Invisible characters that web pages add to what is copied, and that str.strip leaves alone.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_MASK = "****"


class Secret:
    """
    One credential's value, which does not show itself.

    `repr`, `str`, `format` and f-strings give stars; pickle, copy and JSON
    raise; comparing takes the same time whatever differs. `reveal` is the one
    way to the value, so that a search for it finds every use.
    """

    __slots__ = ("__value",)
    __hash__ = None  # type: ignore[assignment]  # a hash would let a stranger test guesses

    def __init__(self, value: str) -> None:
        """Keep `value`."""
        self.__value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self.__value

    def __repr__(self) -> str:
        """Show stars."""
        return f"Secret({_MASK})"

    def __str__(self) -> str:
        """Show stars."""
        return _MASK

    def __format__(self, spec: str) -> str:
        """Show stars, whatever the format."""
        return _MASK

    def __eq__(self, other: object) -> bool:
        """Compare with another secret in constant time; never equal to a plain string."""
        if not isinstance(other, Secret):
            return NotImplemented
        # Listing connectors compares nothing, and this import pulls in OpenSSL.
        from hmac import compare_digest

        return compare_digest(self.__value.encode(), other.reveal().encode())

    def __reduce_ex__(self, protocol: object) -> Never:
        """Refuse to be pickled or copied."""
        message = "a secret cannot be pickled or copied"
        raise TypeError(message)

    def __getstate__(self) -> Never:
        """Refuse to give up its state."""
        message = "a secret cannot be pickled or copied"
        raise TypeError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value that a connector asks for."""

    name: str
    """`api_key`, `secret` or `passphrase`."""
    label: str
    """What the exchange's page calls it."""
    required: bool = True
    """Whether there is no key without it."""
    secret: bool = True
    """Whether it is hidden when it is typed."""
    hint: str = ""
    """What it looks like, in words."""
    format: str = ""
    """
    A regular expression for the whole value; what does not match is only
    warned about, because exchanges change their formats.
    """

    def __post_init__(self) -> None:
        """Refuse a name that the door cannot use, and a format that is not a regular expression."""
        if self.name not in FIELD_NAMES:
            message = f"unknown credential field {self.name!r}; known are {', '.join(FIELD_NAMES)}"
            raise ValueError(message)
        re.compile(self.format)

    def fits(self, value: str) -> bool:
        """Whether `value` has the format that is known for this field; true when none is known."""
        return not self.format or re.fullmatch(self.format, value) is not None


class Credentials:
    """The bound values of one key. Behaves as a mapping from field name to `Secret`."""

    __slots__ = ("_values", "redactor", "warnings")

    def __init__(self, values: Mapping[str, Secret], warnings: tuple[str, ...] = ()) -> None:
        """Hold `values`; `warnings` are sentences about values that look wrong, without the values."""
        self._values = dict(values)
        self.warnings = warnings
        self.redactor = Redactor(secret.reveal() for secret in self._values.values())

    def __repr__(self) -> str:
        """Name the fields, never their values."""
        return f"Credentials({', '.join(self._values)})"

    def __contains__(self, name: object) -> bool:
        """Whether a value was given for the field `name`."""
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the fields that have a value."""
        return iter(self._values)

    def __getitem__(self, name: str) -> Secret:
        """Return the value of the field `name`; KeyError when none was given."""
        return self._values[name]

    @property
    def last4(self) -> str | None:
        """The last four characters of the key, or None where they would be a large part of it."""
        key = self._values["api_key"].reveal() if "api_key" in self._values else ""
        return key[-4:] if len(key) >= 12 else None  # noqa: PLR2004 - four of eleven would be too much


@dataclass(frozen=True, slots=True)
class CredentialSchema:
    """What a connector asks for, in the order in which the exchange's page shows it."""

    fields: tuple[Field, ...]
    """The values, each name once."""

    def __post_init__(self) -> None:
        """Refuse an empty schema and a name that stands twice."""
        names = [field.name for field in self.fields]
        if not names or len(set(names)) != len(names):
            message = "a credential schema needs at least one field, each name once"
            raise ValueError(message)

    def __iter__(self) -> Iterator[Field]:
        """Yield the fields in order."""
        return iter(self.fields)

    def bind(self, values: Mapping[str, object]) -> Credentials:
        """
        Check `values` against this schema and return them as `Credentials`.

        Raises `CredentialError` naming every problem at once: a person fixing
        a form wants the whole list, not its first item. Refused is only what
        cannot be sent: missing, not text, not printable ASCII, too long. A
        format that does not fit becomes a warning.
        """
        problems = self._unknown(values)
        bound: dict[str, Secret] = {}
        for field in self.fields:
            given = values.get(field.name)
            text = _trimmed(given) if isinstance(given, str) else ""
            if problem := _problem(field, given, text):
                problems[field.name] = problem
            elif text:
                bound[field.name] = Secret(text)
        if problems:
            names = ", ".join(f.name if f.required else f"{f.name} (optional)" for f in self.fields)
            raise CredentialError(problems, fix=f"Give these fields as text: {names}.")
        return Credentials(bound, tuple(self._warnings(bound)))

    def _unknown(self, values: Mapping[str, object]) -> dict[str, str]:
        """Name the fields that do not belong, as far as their names can be shown."""
        known = [field.name for field in self.fields]
        problems = {}
        for position, name in enumerate(values):
            if name in known:
                continue
            if not _PLAIN_NAME.fullmatch(name):
                problems[f"#{position}"] = "a field with a name that is not one of ours (not shown)"
                continue
            near = get_close_matches(re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower(), known, n=1)
            problems[name] = f"unknown field {name}" + (f" (did you mean {near[0]}?)" if near else "")
        return problems

    def _warnings(self, bound: Mapping[str, Secret]) -> Iterator[str]:
        """Say which values look like another field's, or like nothing known."""
        for field in self.fields:
            if field.name not in bound or field.fits(bound[field.name].reveal()):
                continue
            value = bound[field.name].reveal()
            swapped = next((o for o in self.fields if o.format and o is not field and o.fits(value)), None)
            if swapped:
                yield f"What was given as {field.label} looks like the {swapped.label}; are they swapped?"
            else:
                yield f"The {field.label} does not look like the ones seen so far ({field.hint or 'format'})."


def _trimmed(text: str) -> str:
    """Return `text` without the blanks that come with it when it is copied from a web page, in any mixture."""
    while (shorter := text.strip().strip(_INVISIBLE)) != text:
        text = shorter
    return text


def _problem(field: Field, given: object, text: str) -> str:
    """Say what makes the value of `field` unusable, or nothing."""
    if given is not None and not isinstance(given, str):
        return f"{field.label} ({field.name}) is not text"
    if not text:
        return f"{field.label} ({field.name}) is missing" if field.required else ""
    if not text.isascii():
        return f"{field.label} ({field.name}) has a character that is not plain ASCII, such as a typographic quote"
    if not text.isprintable():
        return f"{field.label} ({field.name}) has a line break or another character that cannot be printed"
    if len(text) > MAX_LENGTH:
        return f"{field.label} ({field.name}) is longer than {MAX_LENGTH} characters"
    return ""
