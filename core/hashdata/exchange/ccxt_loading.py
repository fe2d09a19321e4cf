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
# What Python itself writes into a class, by 3.14.
_WRITTEN_BY_PYTHON = frozenset(
    {
        "__annotate_func__",
        "__annotations__",
        "__annotations_cache__",
        "__dict__",
        "__doc__",
        "__firstlineno__",
        "__module__",
        "__qualname__",
        "__static_attributes__",
        "__weakref__",
    }
)


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


def _provide() -> None:
    """
    Make ccxt ready the light way, or the plain way if it is not laid out as expected.

    Only the first time: a class that is gone must not take away the ones that are loaded.
    """
    if "ccxt" in sys.modules:
        return
    try:
        for name in _PACKAGES:
            _put_lazily(name)
        setattr(sys.modules["ccxt"], "async_support", sys.modules["ccxt.async_support"])  # noqa: B010 - a module's attribute, unknown to the type
        for (_, attribute), module in _PROVIDED.items():
            getattr(importlib.import_module(module), attribute)
        importlib.import_module(_ERRORS)
    except (ImportError, AttributeError, OSError):
        _forget()
        importlib.import_module("ccxt.async_support")


def _put_lazily(name: str) -> None:
    """Put a lazy package in the place of the package `name`."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ImportError(name)
    package = importlib.util.module_from_spec(spec)
    package.__class__ = _LazyPackage
    sys.modules[name] = package


def _forget() -> None:
    """Remove every trace of a half-done import, so that the plain one starts clean."""
    for name in [name for name in sys.modules if name == "ccxt" or name.startswith("ccxt.")]:
        del sys.modules[name]


def is_known(exchange: str) -> bool:
    """Whether the installed ccxt has a class for `exchange`, without importing anything of it."""
    spec = importlib.util.find_spec("ccxt")
    if spec is None or not spec.submodule_search_locations or not exchange.isidentifier():
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
        _provide()
        found: type = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # noqa: BLE001 - a connector's own module may raise anything
        if not colon and isinstance(error, ImportError | AttributeError):
            message = f"ccxt has no class {ccxt_class}"
            raise PluginError(message, fix="Update hashdata and its connectors, or install an older ccxt.") from None
        message = f"the class {ccxt_class} cannot be loaded ({type(error).__name__})"
        raise PluginError(message, fix="Update the connector, or tell its author.") from None
    if colon:
        _refuse_overrides(found)
    return found


def _refuse_overrides(found: object) -> None:
    """Check that a connector's own subclass keeps to `describe`, `sign` and endpoints."""
    base: type = importlib.import_module("ccxt.async_support.base.exchange").Exchange
    entry: type = importlib.import_module("ccxt.base.types").Entry
    if not isinstance(found, type) or not issubclass(found, base):
        message = f"{found!r} is not a subclass of ccxt's async Exchange"
        raise PluginError(message, fix="Ask the author of the connector to subclass it.")
    if type(found) is not type(base):
        message = f"{found.__name__} has a metaclass of its own, which could change anything"
        raise PluginError(message, fix="Ask the author of the connector to leave it out.")
    changed = {
        name
        for layer in found.__mro__
        if layer is not object and not _is_of_ccxt(layer)
        for name, value in vars(layer).items()
        if type(value) is not entry and name not in _WRITTEN_BY_PYTHON
    }
    if extra := sorted(changed - OVERRIDABLE):
        message = f"{found.__name__} changes {', '.join(extra)} of ccxt; only describe and sign may be changed"
        raise PluginError(message, fix="Ask the author of the connector to leave the rest of ccxt alone.")


def _is_of_ccxt(layer: type) -> bool:
    """Whether a class stands in a module of ccxt under its name; what it says of itself could be anything."""
    module = layer.__module__
    return module.startswith("ccxt.") and getattr(sys.modules.get(module), layer.__name__, None) is layer
