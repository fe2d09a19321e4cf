"""
Import one ccxt exchange instead of a hundred.

`ccxt` and `ccxt.async_support` import every exchange they have. Here they
become packages that run their own `__init__` only when somebody asks for a
name that is not provided for, so `ccxt.binance` and other libraries keep
working and only the cost moves. If ccxt's layout changes, the plain import
takes over.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from hashdata.errors import PluginError

_PACKAGES = ("ccxt", "ccxt.async_support")
# What modules of single exchanges import from the packages, and the modules that really hold it.
_PROVIDED = {
    ("ccxt", "Exchange"): "ccxt.base.exchange",
    ("ccxt", "Precise"): "ccxt.base.precise",
    ("ccxt.async_support", "Exchange"): "ccxt.async_support.base.exchange",
}
_ERRORS = "ccxt.base.errors"
# All that a subclass which a connector brings may change.
OVERRIDABLE = frozenset({"describe", "sign"})


class _LazyPackage(ModuleType):
    """A package whose `__init__` runs when the first name is asked for that it alone can give."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name not in {"__version__", "__all__"}:
            raise AttributeError(name)
        module = _PROVIDED.get((self.__name__, name))
        if module is None and hasattr(importlib.import_module(_ERRORS), name):
            module = _ERRORS
        if module is None:
            return self._become_real(name)
        value = getattr(importlib.import_module(module), name)
        setattr(self, name, value)
        return value

    def _become_real(self, name: str) -> object:
        self.__class__ = ModuleType  # type: ignore[assignment]  # a module may change its class
        if self.__spec__ is None or self.__spec__.loader is None:
            raise AttributeError(name)
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def _provide_lazily() -> None:
    """Put the two lazy packages in place, unless ccxt has been imported already."""
    if "ccxt" in sys.modules:
        return
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None:
            raise ImportError(name)
        package = importlib.util.module_from_spec(spec)
        package.__class__ = _LazyPackage
        sys.modules[name] = package
    setattr(sys.modules["ccxt"], "async_support", sys.modules["ccxt.async_support"])  # noqa: B010 - a module's attribute, unknown to the type


def _forget() -> None:
    """Remove every trace of a half-done import, so that the plain one starts clean."""
    for name in [name for name in sys.modules if name == "ccxt" or name.startswith("ccxt.")]:
        del sys.modules[name]


def _import(module: str, attribute: str) -> type:
    """Import `module` the light way, or the plain way if ccxt is not laid out as expected."""
    try:
        _provide_lazily()
        found: type = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, OSError):
        _forget()
        importlib.import_module("ccxt.async_support")
        found = getattr(importlib.import_module(module), attribute)
    return found


def is_known(exchange: str) -> bool:
    """Whether the installed ccxt has a class for `exchange`, without importing anything of it."""
    spec = importlib.util.find_spec("ccxt")
    if spec is None or not spec.submodule_search_locations:
        return False
    return any(
        (Path(place) / "async_support" / f"{exchange}.py").is_file() for place in spec.submodule_search_locations
    )


def load(ccxt_class: str) -> type:
    """
    Return the async ccxt class for `poloniex` or `package.module:Class`.

    Raises `PluginError` when there is none, and when a class that a connector
    brings changes more of ccxt than how requests are described and signed.
    """
    module, colon, attribute = ccxt_class.partition(":")
    if not colon:
        module, attribute = f"ccxt.async_support.{ccxt_class}", ccxt_class
    try:
        found = _import(module, attribute)
    except (ImportError, AttributeError):
        message = f"ccxt has no class {ccxt_class}"
        raise PluginError(message, fix="Update hashdata and its connectors, or install an older ccxt.") from None
    if colon:
        _refuse_overrides(found)
    return found


def _refuse_overrides(found: type) -> None:
    """Check that a connector's own subclass keeps to `describe`, `sign` and endpoints."""
    base: type = importlib.import_module("ccxt.async_support.base.exchange").Exchange
    entry: type = importlib.import_module("ccxt.base.types").Entry
    if not issubclass(found, base):
        message = f"{found!r} is not a subclass of ccxt's async Exchange"
        raise PluginError(message, fix="Ask the author of the connector to subclass it.")
    changed = {
        name
        for layer in found.__mro__
        if not layer.__module__.startswith("ccxt.") and layer is not object
        for name, value in vars(layer).items()
        if not isinstance(value, entry) and not (name.startswith("__") and name.endswith("__") and not callable(value))
    }
    if extra := sorted(changed - OVERRIDABLE):
        message = f"{found.__name__} changes {', '.join(extra)} of ccxt; only describe and sign may be changed"
        raise PluginError(message, fix="Ask the author of the connector to leave the rest of ccxt alone.")
