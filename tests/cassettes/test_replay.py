"""Every cassette, replayed through the production door, gives the verdict and the cause that stand here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hashdata.permissions import MEANINGS, Cause
from hashdata.registry import find
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.canaries import CREDENTIALS, CREDENTIALS_WITH_PASSPHRASE
from tests.cassettes.replaying import examine_again, replay
from tests.record_cassettes import CASES, FOLDER, record_all

# The cause that is found on either API of the main host; None where the key is accepted.
_MAIN_HOST = {
    "accepted": None,
    "accepted-after-a-pause": None,
    "denied-trade": "trade_granted",
    "denied-trade-and-withdraw": "trade_granted",
    "denied-withdraw": "withdraw_granted",
    "inconclusive-account-restricted-frozen": "account_restricted",
    "inconclusive-clock-ahead": "clock",
    "inconclusive-clock-behind": "clock",
    "inconclusive-maintenance-code": "maintenance",
    "inconclusive-maintenance-page": "maintenance",
    "inconclusive-not-the-api-captcha": "not_the_api",
    "inconclusive-not-the-api-redirect": "not_the_api",
    "inconclusive-rate-limited": "rate_limited",
    "inconclusive-rate-limited-for-no-stated-time": "rate_limited",
    "inconclusive-unrecognised-code": "unrecognised_answer",
    "inconclusive-unrecognised-empty-body": "unrecognised_answer",
    "inconclusive-unrecognised-list": "unrecognised_answer",
    "inconclusive-unrecognised-shape": "unrecognised_answer",
    "unusable-account-frozen": "account_frozen",
    "unusable-address-not-allowed": "address_not_allowed",
    "unusable-unknown-key": "unknown_key",
    "unusable-wrong-key-or-secret": "wrong_key_or_secret",
    "unusable-wrong-secret": "wrong_secret",
}
EXPECTED = {
    **{
        f"{connector}/{name}": cause
        for connector in ("poloniex", "poloniex-futures")
        for name, cause in _MAIN_HOST.items()
    },
    "poloniex/denied-order-carried-out": "trade_granted",
    "poloniex/inconclusive-account-restricted-email": "account_restricted",
    "poloniex/inconclusive-account-restricted-region": "account_restricted",
    "poloniex-futures/inconclusive-account-not-opened": "account_not_opened",
    "poloniex-futures/inconclusive-account-restricted-not-verified": "account_restricted",
    "poloniex-futures/inconclusive-rate-limited-code": "rate_limited",
    "poloniex-futures/classic-accepted": None,
    "poloniex-futures/classic-denied-incomplete-read": "incomplete_read",
    "poloniex-futures/classic-denied-trade": "trade_granted",
    "poloniex-futures/classic-inconclusive-clock": "clock",
    "poloniex-futures/classic-inconclusive-rate-limited": "rate_limited",
    "poloniex-futures/classic-inconclusive-unrecognised-code": "unrecognised_answer",
    "poloniex-futures/classic-unusable-account-frozen": "account_frozen",
    "poloniex-futures/classic-unusable-address-not-allowed": "address_not_allowed",
    "poloniex-futures/classic-unusable-retired-key": "retired_key",
    "poloniex-futures/classic-unusable-retired-key-everywhere": "retired_key",
    "poloniex-futures/classic-unusable-unknown-key": "unknown_key",
    "poloniex-futures/classic-unusable-wrong-passphrase": "wrong_passphrase",
    "poloniex-futures/classic-unusable-wrong-secret": "wrong_secret",
}


def values_for(cassette: str) -> dict[str, str]:
    return CREDENTIALS_WITH_PASSPHRASE if "/classic-" in cassette else CREDENTIALS


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(FOLDER)


@pytest.fixture
def default_cassette_name(cassette: str) -> str:
    return cassette


@pytest.mark.vcr
@pytest.mark.parametrize("cassette", EXPECTED)
def test_a_cassette_gives_the_verdict_that_is_expected_of_it(cassette: str, vcr: Any) -> None:  # noqa: ANN401 - vcrpy
    connector = find(cassette.split("/", maxsplit=1)[0])
    credentials = connector.schema.bind(values_for(cassette))

    report = examine_again(connector, credentials, FOLDER / f"{cassette}.yaml")

    cause = EXPECTED[cassette]
    verdict = MEANINGS[Cause(cause)].verdict if cause else "accepted"
    assert (report.verdict, report.cause) == (verdict, cause)
    assert cassette.split("/")[1].removeprefix("classic-").startswith(verdict)
    assert (report.practice, report.endpoint.startswith("https://")) == (False, True)
    assert vcr.play_count == len(vcr)


def test_every_cassette_is_replayed() -> None:
    present = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.yaml")}

    assert present == set(EXPECTED)


def test_the_recorder_still_writes_the_same_bytes(tmp_path: Path) -> None:
    record_all(tmp_path)

    drifted = [case.path for case in CASES if (tmp_path / case.path).read_bytes() != (FOLDER / case.path).read_bytes()]
    assert drifted == []
    assert len({case.path for case in CASES}) == len(CASES)


def test_a_request_that_is_not_in_the_cassette_is_no_fault_of_the_network(tmp_path: Path) -> None:
    document = yaml.safe_load((FOLDER / "poloniex/accepted.yaml").read_text(encoding="utf-8"))
    document["interactions"] = [one for one in document["interactions"] if one["request"]["method"] == "GET"]
    shortened = tmp_path / "shortened.yaml"
    shortened.write_text(yaml.safe_dump(document), encoding="utf-8")

    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(shortened, "poloniex", CREDENTIALS)
