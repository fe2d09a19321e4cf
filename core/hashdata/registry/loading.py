"""Load one connector: import it, register it, call its hooks, check what they return."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from importlib.metadata import EntryPoint, PackageNotFoundError, requires, version
from types import ModuleType
from typing import TypeVar

import pluggy

from hashdata.connector import Connector
from hashdata.errors import PluginError
from hashdata.exchange.ccxt_loading import is_known
from hashdata.hookspecs import DEPRECATED, HASHDATA_API, PROJECT, ExchangeConnector
from hashdata.practice import SandboxFactory
from hashdata.ranges import is_in
from hashdata.registry.checks import Unfit, check_connector, read_hooks
from hashdata.registry.entry import Entry, State

# Importing a connector takes milliseconds; one that takes seconds waits for something that never comes.
PATIENCE = 5.0
# Both streams belong to the process: two that redirect them at once would put them back in the wrong order.
_STREAMS = threading.Lock()

T = TypeVar("T")

# The version that was installed when the module of a connector was first seen here.
_LOADED: dict[str, tuple[str, ModuleType]] = {}


class _Failed(Exception):  # noqa: N818 - carries a reason, not a fault
    """Carries the state and reason of a connector that cannot be used."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason


def load(name: str, point: EntryPoint) -> Entry:
    """Load the connector behind `point`; whatever it does, the answer is an entry."""
    entry = Entry.of(name, point)
    if before := _loaded_as(entry, point):
        return entry.failed(
            State.BROKEN, f"it was updated from {before} to {entry.version} while this program runs. Start it again."
        )
    try:
        connector, notice = _patiently(lambda: _load(entry, point))
        return entry.ready(connector, notice)
    except _Failed as failed:
        return entry.failed(failed.state, failed.reason)


def _loaded_as(entry: Entry, point: EntryPoint) -> str | None:
    """Return the version of the code that is in this process where the installed one is another by now."""
    module = None
    # An entry point that is none names no module; how reading it fails differs between Pythons.
    with contextlib.suppress(Exception):
        module = sys.modules.get(point.module)
    if module is None:
        return None
    version, known = _LOADED.setdefault(entry.name, (entry.version, module))
    if known is not module:
        _LOADED[entry.name] = (entry.version, module)
        return None
    return version if version != entry.version else None


def _load(entry: Entry, point: EntryPoint) -> tuple[Connector, str | None]:
    """Do all that runs the connector's own code; return it with what is to be said of it."""
    plugin = _imported(entry, point)
    _check_instance(plugin)
    notice = _check_api(plugin)
    hooks = _registered(plugin)
    values = read_hooks(hooks, entry.version, entry.distribution)
    check_connector(values, entry.name)
    for api in values.info.apis:
        if ":" not in api.ccxt_class and not is_known(api.ccxt_class):
            reason = (
                f"the installed ccxt {_version_of('ccxt')} has no exchange {api.ccxt_class}. "
                f"Update {entry.distribution}, or install ccxt {api.ccxt_versions}."
            )
            raise _Failed(State.CCXT_GONE, reason)
    connector = replace(values, make_sandbox=lambda: _make_sandbox(values))
    return connector, notice or _unproven(values)


def _unproven(connector: Connector) -> str | None:
    """Say that the installed ccxt is none with which a connector was proven."""
    installed = _version_of("ccxt")
    for api in connector.info.apis:
        if not is_in(installed, api.ccxt_versions):
            return f"It was proven with ccxt {api.ccxt_versions}, and {installed} is installed."
    return None


def _make_sandbox(connector: Connector) -> SandboxFactory | None:
    """Call the one hook that is called late, with the same patience as the others."""
    try:
        return _patiently(connector.make_sandbox)
    except _Failed as failed:
        message = f"the sandbox of {connector.name} cannot be used: {failed.reason.removesuffix('.')}"
        raise PluginError(message, fix="Test a real key, or use --endpoint with a server of your own.") from None


def _patiently(work: Callable[[], T]) -> T:
    """
    Run foreign code in a thread, with its standard output sent to standard error.

    A thread, because nothing else ends a hook that hangs; the thread is left
    behind, and ends with the process. Threads that it starts are daemons like
    itself unless they ask to be more. Both streams are put back afterwards,
    also where the connector replaced them.
    """
    done: list[T] = []
    failures: list[_Failed] = []

    def run() -> None:
        try:
            done.append(work())
        except _Failed as failed:
            failures.append(failed)
        except Unfit as unfit:
            failures.append(_Failed(State.BROKEN, f"{unfit} Update it, or tell its author."))
        except BaseException as error:  # noqa: BLE001 - foreign code may raise anything, SystemExit included
            failures.append(_Failed(State.BROKEN, f"it raised {_named(error)}. Update it, or tell its author."))

    thread = threading.Thread(target=run, name="hashdata-connector", daemon=True)
    with _STREAMS, contextlib.redirect_stdout(sys.stderr), contextlib.redirect_stderr(sys.stderr):
        thread.start()
        thread.join(PATIENCE)
    if failures:
        raise failures[0]
    if not done:
        reason = f"it did not finish loading within {PATIENCE:.0f} seconds. Update or uninstall it."
        raise _Failed(State.BROKEN, reason)
    return done[0]


def _imported(entry: Entry, point: EntryPoint) -> object:
    """Import what the entry point names, telling a missing package from everything else."""
    try:
        return point.load()
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if f"{point.module}.".startswith(f"{missing}."):
            reason = f"its entry point names the module {point.module}, which is not there. Install it again."
            raise _Failed(State.BROKEN, reason) from None
        package = missing.partition(".")[0]
        needed = _distribution_of(package, entry.distribution)
        # Only a declared name is advised: whoever installs a guessed one may install a stranger's package.
        advice = f"Run: pip install {needed}" if needed else "It does not declare that; tell its author."
        raise _Failed(State.BROKEN, f"it needs {package}, which is not installed. {advice}") from None


def _distribution_of(package: str, dependent: str) -> str | None:
    """Return the distribution that `dependent` requires for `package`, None when it declares none."""
    with contextlib.suppress(PackageNotFoundError):
        for requirement in requires(dependent) or []:
            name = requirement.split(";")[0].split("[")[0].split(" ")[0]
            name = name.rstrip("0123456789.,<>=!~")
            if name.replace("-", "_").lower() == package.lower():
                return name
    return None


def _check_instance(plugin: object) -> None:
    """Check that the entry point names an object, and not what holds or makes one."""
    if isinstance(plugin, type | ModuleType):
        what = "class" if isinstance(plugin, type) else "module"
        reason = f"its entry point names a {what}. It must name an instance, such as `connector = Example()`."
        raise _Failed(State.BROKEN, reason)


def _check_api(plugin: object) -> str | None:
    """Check that the connector was written for a version of the hooks that works; say which goes away, and when."""
    api = getattr(plugin, "hashdata_api", None)
    if type(api) is not int:
        reason = f"it does not say which hook version it is for. Its class needs: hashdata_api = {HASHDATA_API}"
        raise _Failed(State.INCOMPATIBLE, reason)
    if goes_with := DEPRECATED.get(api):
        return f"It is written for hook version {api}, which works until hashdata {goes_with}. Tell its author."
    if api != HASHDATA_API:
        reason = f"it is written for hook version {api}, and this hashdata has {HASHDATA_API}. "
        raise _Failed(
            State.INCOMPATIBLE, reason + ("Update hashdata." if api > HASHDATA_API else "Update the connector.")
        )
    return None


def _registered(plugin: object) -> pluggy.HookRelay:
    """Register the connector in a manager of its own, so that no other can answer for it."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(ExchangeConnector)
    hooks = [name for name in vars(manager.hook) if not name.startswith("_")]
    try:
        manager.register(plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        unknown = [name for name in vars(manager.hook) if not name.startswith("_") and name not in hooks]
        if not unknown:
            reason = f"one of its hooks cannot be called: {str(error).splitlines()[-1]}. Correct the method."
            raise _Failed(State.BROKEN, reason) from None
        near = get_close_matches(unknown[0], hooks, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(hooks)}."
        raise _Failed(State.BROKEN, f"it marks {unknown[0]} as a hook, which does not exist. {hint}") from None
    required = sorted(ExchangeConnector.__abstractmethods__)
    if missing := [hook for hook in required if not getattr(manager.hook, hook).get_hookimpls()]:
        unmarked = [hook for hook in missing if callable(getattr(plugin, hook, None))]
        what = "does not mark with @hookimpl" if unmarked else "does not have"
        reason = f"it {what}: {', '.join(unmarked or missing)}. Every hook but sandbox is required."
        raise _Failed(State.BROKEN, reason)
    return manager.hook


def _named(error: BaseException) -> str:
    """Return an error's type and the first line of its text, short enough for a table."""
    try:
        text = str(error).strip().splitlines()
    except BaseException:  # noqa: BLE001 - its text is foreign code too
        text = []
    return f"{type(error).__name__}: {text[0][:160].rstrip('.')}" if text else type(error).__name__


def _version_of(distribution: str) -> str:
    """Return the version of an installed distribution."""
    with contextlib.suppress(PackageNotFoundError):
        return version(distribution)
    return "(not installed)"
