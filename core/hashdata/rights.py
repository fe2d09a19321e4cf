"""What an exchange that knows a key's rights states about them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hashdata.permissions import FORBIDDEN, Grant, Permission

_WRONG = "rights are grants of forbidden permissions, tuples of texts, and a time with its zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """
    What one answer states about a key, as a connector read it.

    `by_flags` makes it from a list of flags and an allow-list of those that
    are known.
    """

    grants: Mapping[Permission, Grant] = field(default_factory=dict)
    """Granted or refused for each permission that the answer decides."""
    unknown: tuple[str, ...] = ()
    """
    Flags that the connector does not know, or not with that value, such as
    `readOnly 2`: while there is one, nothing counts as refused.
    """
    partly: tuple[Permission, ...] = ()
    """
    Permissions that the key has in a part for which nobody can be asked, such
    as cancelling orders without placing any; that the write question is
    refused does not contradict them.
    """
    gaps: tuple[str, ...] = ()
    """
    Sentences about what the key can never read, such as a history that begins
    late; each makes the key *denied* for an incomplete read.
    """
    expires_at: datetime | None = None
    """When the key ends, with its time zone; None for a key that does not end."""
    addresses: tuple[str, ...] | None = None
    """
    The addresses from which alone the key works; `()` where every address will
    do, None where the exchange does not tell. Reports give their number.
    """

    def __post_init__(self) -> None:
        """Refuse what is not of the types above: text that only looks like a grant must not count as one."""
        listed = (self.unknown, self.partly, self.gaps, () if self.addresses is None else self.addresses)
        # A generator would be empty when it is read again, and a text is a list of its letters.
        if not all(type(part) is tuple for part in listed):
            raise TypeError(_WRONG)
        if self.expires_at is not None and (type(self.expires_at) is not datetime or self.expires_at.tzinfo is None):
            raise TypeError(_WRONG)
        texts = (*self.unknown, *self.gaps, *(self.addresses or ()))
        object.__setattr__(self, "grants", dict(self.grants))
        named = all(p in FORBIDDEN for p in (*self.grants, *self.partly))
        graded = all(type(grant) is Grant for grant in self.grants.values())
        if not (named and graded and all(isinstance(text, str) for text in texts)):
            raise TypeError(_WRONG)

    def of(self, permission: Permission) -> Grant:
        """Return what is known about one permission; what is not stated is unproven, never refused."""
        grant = self.grants.get(permission, Grant.UNPROVEN)
        return Grant.UNPROVEN if grant is Grant.REFUSED and self.unknown else grant


# What a flag lets a key do.
Gives = Permission | tuple[Permission, ...] | None


def by_flags(
    flags: Iterable[str],
    known: Mapping[str, Gives],
    states: Iterable[Permission] = FORBIDDEN,
    parts: Container[str] = (),
) -> Rights:
    """
    Return the rights of a key that has these `flags`.

    `known` says which permission each flag gives, a tuple where it gives
    several, and None for one that gives none of those that are forbidden. It
    is an allow-list: exchanges add flags, and one that is not in it keeps the
    key from being accepted. `states` are the permissions that the flags
    decide, and `parts` the flags that give their permission only in part.
    """
    present = list(dict.fromkeys(flags))
    pairs = [(flag, permission) for flag in present if flag in known for permission in _given(known[flag])]
    given = {permission for _, permission in pairs}
    decided = dict.fromkeys([*states, *(permission for _, permission in pairs)])
    whole = {permission for flag, permission in pairs if flag not in parts}
    return Rights(
        grants={permission: Grant.GRANTED if permission in given else Grant.REFUSED for permission in decided},
        unknown=tuple(flag for flag in present if flag not in known),
        partly=tuple(permission for permission in FORBIDDEN if permission in given - whole),
    )


def _given(gives: Gives) -> tuple[Permission, ...]:
    """Return the permissions that one flag gives."""
    if gives is None:
        return ()
    return (gives,) if isinstance(gives, Permission) else gives
