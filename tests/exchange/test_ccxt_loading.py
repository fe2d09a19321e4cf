"""One class of ccxt instead of all, and only classes that leave ccxt as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hashdata.errors import PluginError
from hashdata.exchange.ccxt_client import Template
from hashdata.exchange.ccxt_loading import is_known, load

from tests.exchange.declared import terms_of

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def run(program: str, *paths: Path) -> object:
    """Run `program` in an interpreter of its own that makes errors of warnings, and return the JSON that it prints."""
    start = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n"
    command = [sys.executable, "-W", "error", "-c", start + program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_every_exchange_of_ccxt_loads_alone_and_can_be_built() -> None:
    found = run(
        """
import json
from importlib.util import find_spec
from pathlib import Path
from hashdata.exchange.ccxt_client import _guarded
from hashdata.exchange.ccxt_loading import is_known, load
place = Path(find_spec("ccxt").submodule_search_locations[0], "async_support")
names = sorted(path.stem for path in place.glob("*.py") if path.stem != "__init__")
for name in names:
    assert is_known(name), name
    built = _guarded(load(name))({"enableRateLimit": False})
    assert not vars(built).keys() & vars(type(built)).keys(), name
    assert built.session is None, name
kinds = {type(sys.modules[name]).__name__ for name in ("ccxt", "ccxt.async_support")}
print(json.dumps([len(names), sorted(kinds)]))
"""
    )

    assert isinstance(found, list)
    assert found[0] > 100
    assert found[1] == ["_LazyPackage"]


def test_one_exchange_does_not_load_the_others() -> None:
    found = run(
        """
import json
from hashdata.exchange.ccxt_loading import load
load("poloniex")
print(json.dumps([name for name in sys.modules if name.endswith((".binance", ".kraken", ".pro", ".okx"))]))
"""
    )

    assert found == []


def test_after_one_exchange_the_rest_of_ccxt_is_there_as_ever() -> None:
    found = run(
        """
import json
from hashdata.exchange.ccxt_loading import load
poloniex = load("poloniex")
import ccxt
from ccxt import BaseError, Exchange
from importlib.metadata import version
light = "ccxt.binance" not in sys.modules
assert ccxt.__version__ == version("ccxt")
assert ccxt.binance({}).id == "binance"
import ccxt.async_support
from ccxt.async_support import kraken
print(json.dumps({
    "light until asked": light,
    "errors are the same": ccxt.NetworkError is sys.modules["ccxt.base.errors"].NetworkError,
    "errors are errors": issubclass(ccxt.NetworkError, BaseError),
    "classes are the same": ccxt.async_support.poloniex is poloniex is load("poloniex"),
    "sync is a class of its own": ccxt.poloniex is not poloniex and issubclass(ccxt.poloniex, Exchange),
    "all are listed": len(ccxt.exchanges) > 100,
    "kraken": kraken.__name__ == "kraken",
    "no such name": not hasattr(ccxt, "nosuchexchange"),
}))
"""
    )

    assert isinstance(found, dict)
    assert [what for what, is_so in found.items() if not is_so] == []


def test_whoever_imported_ccxt_before_is_not_disturbed() -> None:
    found = run(
        """
import json
import ccxt.async_support
before = ccxt.async_support.poloniex
from hashdata.exchange.ccxt_loading import load
print(json.dumps([load("poloniex") is before, type(ccxt).__name__]))
"""
    )

    assert found == [True, "module"]


def lay_out(place: Path, **files: str) -> Path:
    """Write a package called ccxt of another layout."""
    for name, text in files.items():
        path = place / "ccxt" / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


def test_another_layout_of_ccxt_is_imported_the_plain_way(tmp_path: Path) -> None:
    place = lay_out(
        tmp_path,
        init="class BaseError(Exception): pass\n",
        async_support__init="from ccxt.async_support import poloniex\n",
        async_support__poloniex="from ccxt import BaseError\nclass poloniex:\n    error = BaseError\n",
    )
    (place / "ccxt" / "init.py").rename(place / "ccxt" / "__init__.py")
    (place / "ccxt" / "async_support" / "init.py").rename(place / "ccxt" / "async_support" / "__init__.py")

    found = run(
        """
import json
from hashdata.exchange.ccxt_loading import load
found = load("poloniex")
print(json.dumps([found.error.__name__, type(sys.modules["ccxt"]).__name__]))
""",
        place,
    )

    assert found == ["BaseError", "module"]


def test_a_class_that_is_gone_is_a_broken_connector() -> None:
    with pytest.raises(PluginError, match="ccxt has no class nosuchexchange") as caught:
        load("nosuchexchange")
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("nosuchpackage:Exchange", "ModuleNotFoundError"),
        ("tests.exchange.subclasses:Missing", "AttributeError"),
        ("json:", "AttributeError"),
        (":x", "ValueError"),
        ("tests.exchange.raising:x", "ZeroDivisionError"),
    ],
)
def test_a_class_that_a_connector_does_not_bring_is_a_broken_connector(path: str, error: str) -> None:
    with pytest.raises(PluginError, match=rf"the class {path} cannot be loaded \({error}\)") as caught:
        load(path)
    assert caught.value.__suppress_context__


def test_what_is_gone_takes_nothing_away_from_what_is_there() -> None:
    """A second copy of ccxt in one process would have classes of the same names that are not the same."""
    found = run(
        """
import json
from hashdata.errors import PluginError
from hashdata.exchange.ccxt_loading import load
classic = "hashdata_poloniex_futures.classic:poloniexfutures"
before = load("poloniex"), load(classic)
for gone in ("nosuchexchange", "nosuchpackage:Exchange", "json:Nothing"):
    try:
        load(gone)
    except PluginError:
        continue
    raise SystemExit(gone)
print(json.dumps([load("poloniex") is before[0], load(classic) is before[1], "ccxt.binance" in sys.modules]))
"""
    )

    assert found == [True, True, False]


def test_asking_whether_a_class_is_known_imports_nothing_of_ccxt() -> None:
    found = run(
        """
import json
from hashdata.exchange.ccxt_loading import is_known
known = [is_known(name) for name in ("poloniex", "kraken", "nosuchexchange", "base", "../poloniex")]
heavy = {"ccxt", "aiohttp", "asyncio", "ssl"}
print(json.dumps([known, sorted(heavy & {name.partition(".")[0] for name in sys.modules})]))
"""
    )

    assert found == [[True, True, False, False, False], []]


@pytest.mark.parametrize("name", ["poloniex", "binance"])
def test_a_class_that_ccxt_has_is_known(name: str) -> None:
    assert is_known(name)


def test_a_class_that_only_describes_and_signs_is_taken() -> None:
    assert load("tests.exchange.subclasses:Good").__name__ == "Good"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Fetching", "changes fetch of ccxt"),
        ("Requesting", "changes request of ccxt"),
        ("ByAttribute", "changes fetch of ccxt"),
        ("ByLambda", "changes fetch2 of ccxt"),
        ("ByProperty", "changes fetch of ccxt"),
        ("BySetting", "changes enableRateLimit of ccxt"),
        ("ByConstructor", "changes __init__ of ccxt"),
        ("ByGetattribute", "changes __getattribute__ of ccxt"),
        ("BySubclassing", "changes __init_subclass__ of ccxt"),
        ("BySlots", "changes __slots__, fetch of ccxt"),
        ("ByMixin", "changes close of ccxt"),
        ("ByDeepMixin", "changes close of ccxt"),
        ("ByFalseName", "changes fetch of ccxt"),
        ("ByEntry", "changes fetch of ccxt"),
        ("ByMetaclass", "has a metaclass of its own"),
        ("NoExchange", "is not a subclass of ccxt's async Exchange"),
        ("not_a_class", "is not a subclass of ccxt's async Exchange"),
    ],
)
def test_a_class_that_changes_more_of_ccxt_is_refused(name: str, words: str) -> None:
    with pytest.raises(PluginError, match=words):
        load(f"tests.exchange.subclasses:{name}")


def test_a_description_that_replaces_a_method_is_refused() -> None:
    terms = terms_of("main")

    with pytest.raises(PluginError, match="describes fetch, which"):
        Template(replace(terms, api=replace(terms.api, ccxt_class="tests.exchange.subclasses:ByDescription")))
