"""Every way in which a connector has gone wrong, with the state and the reason that it is listed with."""

from __future__ import annotations

from dataclasses import dataclass

from tests.registry.plugins import Plugin

AUTHOR = "Update it, or tell its author."


@dataclass(frozen=True, slots=True)
class Bad:
    """A plugin, and how its row of `connectors list` reads; a reason that ends in `...` is only a beginning."""

    plugin: Plugin
    state: str
    reason: str


def _alone(name: str, source: str, reason: str) -> Bad:
    return Bad(Plugin(name=name, source=source, alone=True), "broken", reason)


def _entry(name: str, entry: str, reason: str) -> Bad:
    return Bad(Plugin(name=name, source="", entry=entry), "broken", reason)


def _class(name: str, body: str, reason: str, *, state: str = "broken", bases: str = "(Example)") -> Bad:
    source = f"class Bad{bases}:\n    {body}\n\n\nconnector = Bad()"
    return Bad(Plugin(name=name, source=source), state, reason)


def _returns(name: str, hook: str, value: str, reason: str, *, state: str = "broken") -> Bad:
    """Let `hook` return the value of an expression; `replace` is that of dataclasses."""
    imports = "from dataclasses import replace\n        from hashdata import questions"
    body = f"@hookimpl\n    def {hook}(self):\n        {imports}\n\n        return {value}"
    return _class(name, body, reason, state=state)


def _describes(name: str, change: str, reason: str, *, state: str = "broken") -> Bad:
    info = f'ConnectorInfo(name="{name}", title="T", homepage="h", apis=(replace(SPOT, {change}),))'
    return _returns(name, "describe", info, reason, state=state)


IMPORTS = (
    _alone("import-error", 'raise ImportError("no build")', f"it raised ImportError: no build. {AUTHOR}"),
    _alone("import-full-stop", 'raise ValueError("Done.\\nmore")', f"it raised ValueError: Done. {AUTHOR}"),
    _alone("import-syntax", "def (", "it raised SyntaxError..."),
    _alone("import-exit", "raise SystemExit(0)", f"it raised SystemExit: 0. {AUTHOR}"),
    _alone("import-interrupt", "raise KeyboardInterrupt", f"it raised KeyboardInterrupt. {AUTHOR}"),
    _alone("import-base", "class Odd(BaseException): ...\n\n\nraise Odd", f"it raised Odd. {AUTHOR}"),
    _alone(
        "import-mute",
        "class Mute(Exception):\n    def __str__(self):\n        raise SystemExit\n\n\nraise Mute",
        f"it raised Mute. {AUTHOR}",
    ),
    _alone("import-deep", "def deep(): deep()\n\n\ndeep()", "it raised RecursionError..."),
    _alone(
        "import-absent",
        "import hashdata_absent.part",
        "it needs hashdata_absent, which is not installed. It does not declare that; tell its author.",
    ),
    Bad(
        Plugin(
            name="import-dependency",
            source="import absent_package",
            alone=True,
            metadata="Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\nRequires-Dist: Absent-Package>=1\n",
        ),
        "broken",
        "it needs absent_package, which is not installed. Run: pip install Absent-Package",
    ),
    _alone(
        "import-hang",
        "import threading\n\nthreading.Event().wait()",
        "it did not finish loading within 5 seconds. Update or uninstall it.",
    ),
)

ENTRIES = (
    _entry(
        "entry-nowhere",
        "hashdata_nowhere.part:connector",
        "its entry point names the module hashdata_nowhere.part, which is not there. Install it again.",
    ),
    _entry(
        "entry-nothing", ":nothing", "it raised AttributeError: module 'hashdata_entry_nothing' has no attribute..."
    ),
    _entry("entry-garbage", ":a b c", "it raised AttributeError..."),
    _entry(
        "entry-class",
        ":Example",
        "its entry point names a class. It must name an instance, such as `connector = Example()`.",
    ),
    _entry(
        "entry-module",
        "",
        "its entry point names a module. It must name an instance, such as `connector = Example()`.",
    ),
    _class(
        "entry-name",
        "@hookimpl\n    def describe(self):\n"
        "        return ConnectorInfo(name='other', title='T', homepage='h', apis=(SPOT,))",
        f"its entry point is called entry-name, but it describes itself as other. {AUTHOR}",
    ),
    _class(
        "entry-number",
        "...",
        "it does not say which hook version it is for. Its class needs: hashdata_api = 1",
        state="incompatible",
        bases="(int)",
    ),
)

VERSIONS = tuple(
    _class(f"api-{name}", f"hashdata_api = {version}", reason, state="incompatible")
    for name, version, reason in (
        ("none", "None", "it does not say which hook version it is for. Its class needs: hashdata_api = 1"),
        ("text", "'1'", "it does not say which hook version it is for. Its class needs: hashdata_api = 1"),
        ("old", "0", "it is written for hook version 0, and this hashdata has 1. Update the connector."),
        ("newer", "2", "it is written for hook version 2, and this hashdata has 1. Update hashdata."),
    )
)

HOOKS = (
    _class("hook-abstract", "...", "it raised TypeError: Can't instantiate...", bases="(ExchangeConnector)"),
    _class(
        "hook-missing",
        "hashdata_api = 1\n    describe = Example.describe\n    guide = Example.guide",
        "it does not have: credential_schema, diagnoses, permission_probes, streams. "
        "Every hook but sandbox is required.",
        bases="",
    ),
    _class(
        "hook-unmarked",
        "def streams(self):\n        return [BALANCES]",
        "it does not mark with @hookimpl: streams. Every hook but sandbox is required.",
    ),
    _class(
        "hook-misspelt",
        "@hookimpl\n    def strems(self):\n        return [BALANCES]",
        "it marks strems as a hook, which does not exist. Did you mean streams?",
    ),
    _class(
        "hook-unknown",
        "@hookimpl\n    def frobnicate(self):\n        return []",
        "it marks frobnicate as a hook, which does not exist. There are: credential_schema, describe, diagnoses, "
        "guide, permission_probes, sandbox, streams.",
    ),
    _class(
        "hook-argument",
        "@hookimpl\n    def streams(self, session):\n        return [BALANCES]",
        "one of its hooks cannot be called: ...",
    ),
    _class(
        "hook-generous",
        "def __getattr__(self, name):\n        return lambda *given: 1",
        "it does not say which hook version it is for. Its class needs: hashdata_api = 1",
        state="incompatible",
        bases="",
    ),
    *(
        _returns(
            f"raise-{hook.replace('_', '-')}", hook, "1 / 0", f"it raised ZeroDivisionError: division by zero. {AUTHOR}"
        )
        for hook in ("describe", "credential_schema", "permission_probes", "streams", "diagnoses", "guide")
    ),
)

TYPES = (
    _returns("type-describe", "describe", "None", f"describe() is nothing, not ConnectorInfo. {AUTHOR}"),
    _returns("type-schema", "credential_schema", "{}", f"credential_schema() is dict, not CredentialSchema. {AUTHOR}"),
    _returns(
        "type-probes",
        "permission_probes",
        "BALANCES",
        f"permission_probes() is Stream, not a list of Probe or DeclaredProbe. {AUTHOR}",
    ),
    _returns("type-streams", "streams", "'balances'", f"streams() is str, not a list of Stream. {AUTHOR}"),
    _returns("type-diagnoses", "diagnoses", "[None]", f"diagnoses()[0] is nothing, not Diagnosis. {AUTHOR}"),
    _returns("type-guide", "guide", "Guide", f"guide() is the class Guide, not Guide. {AUTHOR}"),
    _returns("type-yield", "streams", "(s for s in [])", f"streams() is generator, not a list of Stream. {AUTHOR}"),
    _describes("type-limits", "limits='none'", f"describe().apis[0].limits is str, not tuple. {AUTHOR}"),
    _describes("type-rate", "rates={'light': '1'}", "it raised TypeError..."),
    _describes(
        "type-cost", "rates={1: 1.0, 'light': 1}", f"a key of describe().apis[0].rates is int, not str. {AUTHOR}"
    ),
    _describes(
        "type-true",
        "clock=replace(SPOT.clock, tolerance_ms=True)",
        f"describe().apis[0].clock.tolerance_ms is bool, not int. {AUTHOR}",
    ),
    _describes("type-clock", "clock=BALANCES", f"describe().apis[0].clock is Stream, not Clock. {AUTHOR}"),
    _returns(
        "type-none", "streams", "[replace(BALANCES, api=1)]", f"streams()[0].api is int, not str or nothing. {AUTHOR}"
    ),
    _returns(
        "type-title",
        "describe",
        "ConnectorInfo(name='type-title', title=None, homepage='h', apis=(SPOT,))",
        f"describe().title is nothing, not str. {AUTHOR}",
    ),
    _returns(
        "type-shape",
        "streams",
        "[replace(BALANCES, shape=Text)]",
        f"streams()[0].shape is the class Text, not Shape. {AUTHOR}",
    ),
    _returns(
        "type-nested",
        "streams",
        "[replace(BALANCES, shape=ListOf(Fields({'a': str})))]",
        f"streams()[0].shape.item.fields[a] is the class str, not Shape. {AUTHOR}",
    ),
    _returns(
        "type-header",
        "diagnoses",
        "[Diagnosis(status=403, header=('a', 'b', 'c'), cause=Cause.CLOCK)]",
        f"diagnoses()[0].header is tuple, not tuple[str, str] or nothing. {AUTHOR}",
    ),
    _returns(
        "type-sly",
        "describe",
        "type('Sly', (ConnectorInfo,), {'title': property(lambda self: 1 / 0)})"
        ".__new__(type('Sly', (ConnectorInfo,), {}))",
        f"describe() is Sly, not ConnectorInfo. {AUTHOR}",
    ),
)

CONTENTS = (
    _describes(
        "content-ccxt",
        "ccxt_class='dropped'",
        "the installed ccxt...",
        state="ccxt_gone",
    ),
    _describes(
        "content-address",
        "hosts=('127.0.0.1',)",
        f"it raised ValueError: hosts must be host names in lower case, not ('127.0.0.1',). {AUTHOR}",
    ),
    _describes("content-ipv6", "hosts=('::1',)", "it raised ValueError: hosts must be host names in lower case..."),
    _describes(
        "content-port", "hosts=('a.com:80',)", "it raised ValueError: hosts must be host names in lower case..."
    ),
    _describes("content-hosts", "hosts=()", "it raised ValueError: hosts must be host names in lower case..."),
    _describes("content-silent", "permissions={}", "it raised ValueError: the API 'spot' says nothing about trade..."),
    _describes("content-rate", "rates={}", f"the API spot has no rate for light. {AUTHOR}"),
    _describes(
        "content-stopped", "rates={'light': 0}", "it raised ValueError: the rates of the API 'spot' must be above..."
    ),
    _describes(
        "content-clock",
        "clock=Clock(call='privatePostOrder', sends='POST /api/v3/order', at=('t',), tolerance_ms=1)",
        f"the API spot asks for the time with a POST, which is no harmless question. {AUTHOR}",
    ),
    _describes(
        "content-asked",
        "permissions={**SPOT.permissions, Permission.TRADE: Standing(Askable.UNASKABLE, 'why')}",
        f"the API spot calls trade unaskable, which its probes contradict. {AUTHOR}",
    ),
    _returns(
        "content-unasked",
        "permission_probes",
        "[replace(RIGHTS, states=(Permission.TRADE,))]",
        f"the API spot calls withdraw askable, which its probes contradict. {AUTHOR}",
    ),
    _returns(
        "content-retry",
        "streams",
        "[replace(BALANCES, params={'maxRetriesOnFailure': 3})]",
        f"it raised ValueError: privateGetAccount may not be sent again: remove maxRetriesOnFailure. {AUTHOR}",
    ),
    _returns(
        "content-params",
        "streams",
        "[replace(BALANCES, params={'limit': 1.5})]",
        "it raised ValueError: the parameters of privateGetAccount must be strings or whole numbers: limit...",
    ),
    _returns(
        "content-path",
        "streams",
        "[replace(BALANCES, sends='GET /a/../b')]",
        "it raised ValueError: sends must be a method and a plain path...",
    ),
    _returns(
        "content-harmless",
        "permission_probes",
        "[replace(RIGHTS, harmless=' ')]",
        "it raised ValueError: GET /sapi/v1/account/apiRestrictions needs a sentence that says why it is harmless...",
    ),
    _returns(
        "content-answers",
        "permission_probes",
        "[questions.Probe(call='a', sends='POST /a', permission=Permission.TRADE, harmless='x', answers=())]",
        "it raised ValueError: POST /a needs an answer that means granted...",
    ),
    _returns(
        "content-api",
        "streams",
        "[replace(BALANCES, api='margin')]",
        f"something belongs to an API margin, which it does not describe. {AUTHOR}",
    ),
    _returns(
        "content-optional",
        "streams",
        "[replace(BALANCES, required=False)]",
        f"the API spot has no stream that is required, so nothing shows that reading works. {AUTHOR}",
    ),
    _returns(
        "content-twins", "streams", "[BALANCES, BALANCES]", f"two streams of the API spot have the same name. {AUTHOR}"
    ),
    _returns(
        "content-variant",
        "guide",
        "Guide(title='T', about=(), variants=(TODAY,), variant_for=(('margin', 'today'),))",
        f"its guide has a variant for an API margin, which it does not describe. {AUTHOR}",
    ),
    _returns(
        "content-chooser",
        "describe",
        "ConnectorInfo(name='content-chooser', title='T', homepage='h', "
        "apis=(SPOT, replace(SPOT, name='old', when='passphrase')))",
        f"the API old is chosen by passphrase, which nobody is asked for. {AUTHOR}",
    ),
    _returns(
        "content-field",
        "credential_schema",
        "CredentialSchema((Field(name='apiKey', label='K'),))",
        "it raised ValueError: unknown credential field 'apiKey'; known are api_key, secret, passphrase...",
    ),
)

BAD = (*IMPORTS, *ENTRIES, *VERSIONS, *HOOKS, *TYPES, *CONTENTS)

# Strange, and no reason not to use them.
ODD = (
    Plugin(name="odd-loud", source="import os\n\nprint('{')\nos.write(1, b'loud')\nos.system('echo loud')"),
    Plugin(
        name="odd-thief",
        source="import io\nimport sys\n\nsys.stdout = io.StringIO()\nsys.stderr = io.StringIO()\nprint('stolen')",
    ),
    Plugin(
        name="odd-talker",
        source="class Talker(Example):\n    @hookimpl\n    def guide(self):\n        print('talk')\n"
        "        return super().guide()\n\n\nconnector = Talker()",
    ),
    Plugin(
        name="odd-thread",
        source="import threading\n\nthreading.Thread(target=threading.Event().wait).start()",
    ),
    Plugin(
        name="odd-grave",
        source="class Grave(Example):\n    def __del__(self):\n        raise SystemExit(9)\n\n\n"
        "Grave()\nconnector = Grave()",
    ),
    Plugin(name="odd-warner", source="import warnings\n\nwarnings.warn('old', stacklevel=1)"),
    Plugin(name="odd-atexit", source="import atexit\n\natexit.register(lambda: 1 / 0)"),
    Plugin(
        name="odd-farewell",
        source="import atexit\nimport os\n\natexit.register(print, '{}')\natexit.register(os.write, 1, b'bye')",
    ),
    Plugin(
        name="odd-getattr",
        source="class Curious(Example):\n    def __getattr__(self, name):\n        return 5\n\n\nconnector = Curious()",
    ),
    Plugin(
        name="odd-property",
        source="class Lazy(Example):\n    @property\n    def client(self):\n        raise ValueError\n\n\n"
        "connector = Lazy()",
    ),
    Plugin(name="odd-version", source="", metadata="Metadata-Version: 2.1\nName: {distribution}\n"),
    Plugin(name="odd-metadata", source="", metadata=""),
)
