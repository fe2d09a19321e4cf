"""The example `bybit`: what it makes of Bybit's statement about a key, flag by flag."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hashdata.answers import Raw
from hashdata.connector import Connector
from hashdata.permissions import FORBIDDEN, Grant, Permission
from hashdata.redaction import Redactor
from hashdata.rights import Rights
from hashdata.tester.classify import Classifier

from tests.examples.installed import install, loaded

TRADE, WITHDRAW, TRANSFER = Permission.TRADE, Permission.WITHDRAW, Permission.TRANSFER

# Of the example on the page Get API Key Information of Bybit's V5 documents: a read-only key.
PAGE = {
    "ContractTrade": ["Order", "Position"],
    "Spot": ["SpotTrade"],
    "Wallet": ["AccountTransfer", "SubMemberTransfer"],
    "Options": [],
    "Derivatives": ["DerivativesTrade"],
    "CopyTrading": [],
    "BlockTrade": [],
    "Exchange": ["ExchangeHistory"],
    "NFT": [],
    "Affiliate": [],
    "Earn": ["Earn"],
    "FiatP2P": ["FiatP2POrder", "Advertising"],
    "FiatConvertBroker": ["FiatConvertBrokerOrder"],
    "FiatGlobalPay": [],
    "FiatBitPay": ["FaitPayOrder"],
    "BitCard": ["BitCard"],
    "ByXPost": ["ByXPost"],
}
NOTHING: dict[str, list[str]] = {name: [] for name in PAGE}

# What each flag lets a key do that may write; None for nothing of what is forbidden.
FLAGS = {
    "ContractTrade.Order": TRADE,
    "ContractTrade.Position": TRADE,
    "Spot.SpotTrade": TRADE,
    "Options.OptionsTrade": TRADE,
    "BlockTrade.BlockTrade": TRADE,
    "CopyTrading.CopyTrading": TRADE,
    "Exchange.ExchangeHistory": TRADE,
    "Earn.Earn": TRADE,
    "FiatP2P.FiatP2POrder": TRADE,
    "FiatP2P.Advertising": TRADE,
    "FiatConvertBroker.FiatConvertBrokerOrder": TRADE,
    "Wallet.AccountTransfer": TRANSFER,
    "Wallet.SubMemberTransfer": TRANSFER,
    "Wallet.SubMemberTransferList": TRANSFER,
    "Wallet.Withdraw": WITHDRAW,
    "FiatBitPay.FaitPayOrder": WITHDRAW,
    "FiatBybitPay.FaitPayOrder": WITHDRAW,
    "NFT.NFTQueryProductList": None,
    "Affiliate.Affiliate": None,
    "ByXPost.ByXPost": None,
}
UNCLEAR = (
    "Derivatives.DerivativesTrade",
    "BitCard.BitCard",
    "Spot.Lottery",
    "Lottery.LotteryTicket",
    "wallet.Withdraw",
)


@pytest.fixture(scope="module")
def connector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connector]:
    with loaded("bybit", install("bybit", tmp_path_factory.mktemp("site"))) as connector:
        yield connector


def answer(read_only: object = 1, lists: Mapping[str, object] = PAGE, **fields: object) -> dict[str, object]:
    """Return what Bybit states of a key."""
    key = {"readOnly": read_only, "permissions": lists, "ips": ["*"], "expiredAt": "2027-02-19T00:06:00Z"} | fields
    return {"retCode": 0, "retMsg": "", "result": key, "retExtInfo": {}, "time": 1776149990532}


def flagged(flag: str) -> dict[str, list[str]]:
    """Return lists in which one flag is on."""
    name, _, item = flag.partition(".")
    return NOTHING | {name: [item]}


def read(connector: Connector, value: object) -> Rights | None:
    """Read a statement as a test does; None for one that states nothing."""
    (probe,) = connector.declared
    terms = connector.terms(connector.info.apis[0])
    raw = Raw("GET", probe.path, 200, {}, json.dumps(value), 1)
    return Classifier(terms, Redactor(["a-secret-of-this-test"])).statement(probe, raw).rights


def grants(rights: Rights | None) -> Sequence[Grant]:
    """Return what is known of trading, withdrawing and transferring."""
    return [rights.of(permission) if rights else Grant.UNPROVEN for permission in FORBIDDEN]


def test_the_read_only_key_of_the_documents_can_only_read(connector: Connector) -> None:
    rights = read(connector, answer(ips=["18.181.170.164", "13.212.45.47"], expiredAt="1970-01-01T00:00:00Z"))

    assert rights
    assert grants(rights) == [Grant.REFUSED] * 3
    assert rights.unknown == ()
    assert rights.addresses == ("18.181.170.164", "13.212.45.47")
    assert rights.expires_at is None


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_of_a_key_that_may_write_grants_what_it_lets_it_do(connector: Connector, flag: str) -> None:
    rights = read(connector, answer(0, flagged(flag)))

    assert grants(rights) == [Grant.GRANTED if permission is FLAGS[flag] else Grant.REFUSED for permission in FORBIDDEN]


@pytest.mark.parametrize("flag", [flag for flag in FLAGS if flag != "Wallet.Withdraw"])
def test_a_known_flag_of_a_read_only_key_grants_nothing(connector: Connector, flag: str) -> None:
    assert grants(read(connector, answer(1, flagged(flag)))) == [Grant.REFUSED] * 3


@pytest.mark.parametrize(
    ("read_only", "flag"),
    [*((0, flag) for flag in UNCLEAR), *((1, flag) for flag in UNCLEAR[2:]), (1, "Wallet.Withdraw")],
)
def test_a_flag_whose_meaning_is_not_known_keeps_everything_unproven(
    connector: Connector, read_only: int, flag: str
) -> None:
    rights = read(connector, answer(read_only, flagged(flag)))

    assert rights
    assert rights.unknown == (flag,)
    assert grants(rights) == [Grant.UNPROVEN] * 3


def test_what_is_granted_stays_granted_beside_a_flag_that_is_not_known(connector: Connector) -> None:
    rights = read(connector, answer(0, NOTHING | {"Spot": ["SpotTrade"], "Lottery": ["LotteryTicket"]}))

    assert grants(rights) == [Grant.GRANTED, Grant.UNPROVEN, Grant.UNPROVEN]


def test_an_empty_list_with_a_name_that_is_not_known_gives_nothing(connector: Connector) -> None:
    assert grants(read(connector, answer(1, PAGE | {"Lottery": []}))) == [Grant.REFUSED] * 3


@pytest.mark.parametrize("read_only", [2, -1, 0.0, 1.0, 1.5, True, False, "1", "0", None, [], {}])
@pytest.mark.parametrize("lists", [PAGE, NOTHING], ids=["page", "nothing"])
def test_nothing_is_concluded_unless_read_only_is_the_number_0_or_1(
    connector: Connector, read_only: object, lists: Mapping[str, object]
) -> None:
    assert grants(read(connector, answer(read_only, lists))) == [Grant.UNPROVEN] * 3


@pytest.mark.parametrize(
    "value",
    [
        answer(1, {}),
        answer(1, {"Spot": [], "Wallet": []}),
        answer(1, PAGE | {"Spot": None}),
        answer(1, PAGE | {"Spot": "SpotTrade"}),
        answer(1, PAGE | {"Spot": [1]}),
        answer(1, PAGE | {"Spot": [["SpotTrade"]]}),
        answer(1, PAGE | {"Lottery": None}),
        answer(1, PAGE | {"Lottery": True}),
        answer(1, PAGE | {"Lottery": {"Spot": []}}),
        answer(1, PAGE | {"Options": [{}]}),
        answer(1, PAGE, permissions=[]),
        answer(1, PAGE, expiredAt="soon"),
        answer(1, PAGE, expiredAt=0),
        answer(1, PAGE, expiredAt="9999-12-31T23:59:59-02:00"),
        answer(1, PAGE, ips="*"),
        answer(1, PAGE, ips=[1]),
        answer() | {"retCode": 10005},
        answer() | {"retCode": "0"},
        answer() | {"retCode": False},
        answer() | {"result": {}},
        answer() | {"result": [answer()["result"]]},
        {"retCode": 0},
        [],
        None,
    ],
    ids=repr,
)
def test_a_malformed_statement_proves_nothing(connector: Connector, value: object) -> None:
    assert grants(read(connector, value)) == [Grant.UNPROVEN] * 3


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2027-02-19T00:06:00Z", datetime(2027, 2, 19, 0, 6, tzinfo=UTC)),
        ("2027-02-19T02:06:00+02:00", datetime(2027, 2, 19, 0, 6, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_the_end_of_a_key_is_a_time_and_1970_is_none(connector: Connector, text: str, end: datetime | None) -> None:
    rights = read(connector, answer(expiredAt=text))

    assert rights
    assert rights.expires_at == end


@pytest.mark.parametrize("ips", [["*"], [], ["192.0.2.1", "*"]], ids=repr)
def test_a_star_or_an_empty_list_means_every_address(connector: Connector, ips: list[str]) -> None:
    rights = read(connector, answer(ips=ips))

    assert rights
    assert rights.addresses == ()
