"""
The shape of a good answer of Kraken: nothing in `error`, and a `result` of a shape.

Documented (docs.kraken.com, Spot REST, *Error messages*): every answer has an
array `error`, also with HTTP 200, and the request failed unless it is empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from hashdata.answers import Shape, Text


@dataclass(frozen=True, slots=True)
class Good:
    """An answer without an error, warnings included, whose result has the shape `result`."""

    result: Shape

    def fits(self, value: object) -> bool:
        """Whether `value` is such an answer; an empty list is the one thing that means no error."""
        return (
            isinstance(value, dict)
            and value.get("error") == []
            and "result" in value
            and self.result.fits(value["result"])
        )


@dataclass(frozen=True, slots=True)
class Named:
    """An object, possibly empty, that holds an `item` under each of its names: ids, or assets."""

    item: Shape

    def fits(self, value: object) -> bool:
        """Whether `value` is such an object."""
        return isinstance(value, dict) and all(
            Text().fits(name) and self.item.fits(item) for name, item in value.items()
        )
