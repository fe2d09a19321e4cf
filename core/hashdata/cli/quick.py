"""
Typer, without the import of pydantic.

Typer converts every value with pydantic, also the None of an option that was
not given, and importing it takes as long as everything else that `connectors
list` does. Our parameters are text and flags, which need no conversion, so
they are passed on as they are. A Typer that keeps its converters elsewhere
only makes this slower again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    import typer


class _AsGiven:
    """Stands in for a parameter's converter."""

    def coerce(self, value: Any, param: object, ctx: object) -> Any:  # noqa: ANN401, ARG002 - Typer's signature
        return value


_AS_GIVEN = _AsGiven()


def _unconverted(params: list[Any]) -> list[Any]:
    """Spare the parameters that are text, flags or several texts their conversion."""
    for param in params:
        described = getattr(param, "type_descriptor", None)
        if getattr(described, "annotation", None) in {str, bool, list[str]}:
            param._runtime_param = _AS_GIVEN  # noqa: SLF001 - Typer has no public place for it
    return params


class Command(TyperCommand):
    """A command whose text and flags are taken as they are given."""

    def get_params(self, ctx: typer.Context) -> list[Any]:  # type: ignore[override]  # click's own types are private to Typer
        """Return the parameters, `--help` among them."""
        return _unconverted(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands, listed with the groups first: what is used daily comes first."""

    def get_params(self, ctx: typer.Context) -> list[Any]:  # type: ignore[override]  # as above
        """Return the parameters, `--help` among them."""
        return _unconverted(super().get_params(ctx))

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002 - click's signature
        """Return the names of the commands, those of groups first."""
        return sorted(self.commands, key=lambda name: not isinstance(self.commands[name], TyperGroup))
