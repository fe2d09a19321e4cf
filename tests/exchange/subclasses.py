"""Exchange classes as a connector could bring them: one that may be, and many that change more than they may."""

from __future__ import annotations

from typing import Any

from ccxt.async_support.base.exchange import Exchange
from ccxt.async_support.poloniex import poloniex
from ccxt.base.types import Entry

# ccxt is untyped, so mypy cannot check what these classes extend.
# mypy: disable-error-code="misc, no-untyped-def, no-untyped-call"


class Good(poloniex):
    """Its own endpoints, description and signing."""

    privateGetMine = Entry("mine", ["private"], "GET", {"cost": 1})  # noqa: N815 - ccxt's naming rule

    def describe(self) -> Any:  # noqa: ANN401 - ccxt's own type
        return super().describe()

    def sign(self, path, api="public", method="GET", params=None) -> Any:  # noqa: ANN001, ANN401
        return super().sign(path, api, method, params or {})


class Fetching(poloniex):
    async def fetch(self, *_: object) -> str:
        return "by another way"


class Requesting(poloniex):
    def request(self, *_: object) -> str:
        return "by another way"


class ByAttribute(poloniex):
    fetch = staticmethod(lambda *_: "by another way")


class ByLambda(poloniex):
    fetch2 = lambda *_: "by another way"  # noqa: E731


class ByProperty(poloniex):
    @property
    def fetch(self) -> str:
        return "by another way"


class BySetting(poloniex):
    enableRateLimit = True  # noqa: N815 - ccxt's name


class ByConstructor(poloniex):
    def __init__(self, config: object = None) -> None:
        super().__init__(config)


class ByGetattribute(poloniex):
    def __getattribute__(self, name: str) -> object:
        return super().__getattribute__(name)


class BySubclassing(poloniex):
    """Python makes a class method of this one, which is not callable where it stands."""

    def __init_subclass__(cls) -> None:
        cls.fetch = lambda *_: "by another way"


class BySlots(poloniex):
    __slots__ = ("fetch",)


class _Mixin:
    def close(self) -> None:
        """Replace one of ccxt's methods from a base that is not ccxt's."""


class ByMixin(_Mixin, poloniex):
    pass


class ByDeepMixin(ByMixin):
    def describe(self) -> Any:  # noqa: ANN401 - ccxt's own type
        return super().describe()


class _Pretending:
    fetch = None


_Pretending.__module__ = "ccxt.base.exchange"


class ByFalseName(_Pretending, poloniex):
    pass


class _Entry(Entry):
    def __get__(self, instance: object, owner: object) -> str:
        return "by another way"


class ByEntry(poloniex):
    fetch = _Entry("x", ["public"], "GET", {})


class _Meta(type):
    pass


class ByMetaclass(poloniex, metaclass=_Meta):
    pass


class ByDescription(poloniex):
    """ccxt writes over its own methods whatever `describe` returns."""

    def describe(self) -> Any:  # noqa: ANN401 - ccxt's own type
        return self.deep_extend(super().describe(), {"fetch": lambda *_: "by another way"})


class NoExchange:
    pass


def not_a_class() -> None:
    pass


_ = Exchange
