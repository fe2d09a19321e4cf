"""What a connector says of itself: that it loads, what it is, where it asks and with which ccxt."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from packaging.specifiers import SpecifierSet

from hashdata.ranges import is_in
from hashdata.testing.check import Group
from hashdata.testing.subject import Subject

CHECKS = Group()

_LONGEST_TOLERANCE_MS = 300_000
_HIGHEST_RATE = 100.0
# What the registry advises whoever has not written the connector.
_FOR_OTHERS = " Update it, or tell its author."


@CHECKS.add("The registry finds the connector, its hooks return what they promise, and its state is *ready*.")
def the_connector_loads_and_is_ready(subject: Subject) -> Iterator[str]:
    """Yield the registry's own reason."""
    if isinstance(subject.loaded, str):
        yield f"The connector cannot be used: {subject.loaded.removesuffix(_FOR_OTHERS)}"


@CHECKS.add("Title and homepage are there, and the homepage is an https address.")
def it_says_what_it_is(subject: Subject) -> Iterator[str]:
    """Yield what `connectors show` could not show."""
    info = subject.connector.info
    if not info.title.strip():
        yield "The title is empty. Give describe() the name of the exchange that people know."
    if not info.homepage.startswith("https://"):
        yield f"The homepage {info.homepage!r} is no https address. Give the exchange's own address."


@CHECKS.add("`ccxt_versions` is a range with an end, and the installed ccxt is in it.")
def the_installed_ccxt_is_in_its_range(subject: Subject) -> Iterator[str]:
    """Yield ranges that nothing was proven with."""
    installed = version("ccxt")
    for api in subject.connector.info.apis:
        stated = f"ccxt_versions {api.ccxt_versions!r} of the API {api.name}"
        # That it is a range at all is what the registry sees to.
        if not any(spec.operator in {"<", "<=", "==", "~="} for spec in SpecifierSet(api.ccxt_versions)):
            yield f"{stated} has no end, so nobody can have tried all of it. Write it as in '>=4.5.90,<4.6'."
        elif not is_in(installed, api.ccxt_versions):
            yield f"{stated} does not contain the installed {installed}. Run this kit with it, then widen the range."


@CHECKS.add("The clock's tolerance is at most five minutes, and no rate is above a hundred questions a second.")
def the_tolerance_and_the_rates_are_plausible(subject: Subject) -> Iterator[str]:
    """Yield numbers that no exchange has: a clock that is never off, and rates that lock a key."""
    for api in subject.connector.info.apis:
        if not 0 < api.clock.tolerance_ms <= _LONGEST_TOLERANCE_MS:
            yield (
                f"tolerance_ms of the API {api.name} is {api.clock.tolerance_ms}. Give how far off, in milliseconds, "
                f"the exchange lets a signed request be: at most {_LONGEST_TOLERANCE_MS}."
            )
        for name, rate in api.rates.items():
            if rate > _HIGHEST_RATE:
                yield (
                    f"The rate {name} of the API {api.name} is {rate:g} questions a second. Take what the exchange's "
                    f"documents allow one key for the slowest of these questions: at most {_HIGHEST_RATE:g}."
                )


@CHECKS.add("Every practice key fits the schema, and its test sends to declared hosts and paths alone.")
def every_practice_key_can_be_tested(subject: Subject) -> Iterator[str]:
    """Yield what the tester says, such as a request that ccxt builds otherwise than the connector declares."""
    for reason in dict.fromkeys(subject.failed.values()):
        keys = ", ".join(name for name, other in subject.failed.items() if other == reason)
        yield (
            f"The practice keys {keys} cannot be tested: {reason} Compare call, sends, params, in_path, hosts, "
            "auth_parameters and the schema with what the ccxt class builds and the practice keys hold."
        )
    names = [persona.name for persona in subject.personas]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"Two practice keys are called {name}. Give each a name of its own."


@CHECKS.add("Each declared host is asked something by the requests that ccxt really builds.")
def every_declared_host_is_needed(subject: Subject) -> Iterator[str]:
    """Yield hosts to which no question goes; whoever takes over one of them would be trusted for nothing."""
    for terms in subject.terms:
        asked = {one.host for run in subject.runs_of(terms) for one in run.exchanged}
        for host in terms.api.hosts:
            if host not in asked:
                yield f"No question of the API {terms.api.name} goes to {host}. Take the host away."


@CHECKS.add("The tests of practice keys meet no exception of the practice exchange.")
def the_practice_exchange_does_not_raise(subject: Subject) -> Iterator[str]:
    """Yield what it raised; over HTTP that is an answer like another, and goes unnoticed."""
    for run in subject.runs:
        for failure in run.failures:
            yield f"The practice exchange is broken for {run.persona.name}: {failure}. Answer every request."
