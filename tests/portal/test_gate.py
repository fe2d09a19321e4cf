"""Who is answered at all: the right name, the right page, the right browser, and nobody else."""

from __future__ import annotations

import socket

import pytest
from hashdata.portal.gate import HEADERS, LINK_SECONDS

from tests.portal.conftest import Answer, Client, Portal, Served

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PROTECTION = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PAGES = ("/", "/add", "/add/poloniex", "/tests/none", "/tests/none/events", "/accounts/none", "/rounds/all", "/nothing")
FORMS = (
    "/add/poloniex",
    "/tests/none/submit",
    "/accounts/test",
    "/accounts/none/test",
    "/accounts/none/rename",
    "/accounts/none/rotate",
    "/accounts/none/remove",
    "/lock",
)


def assert_protected(answer: Answer) -> None:
    """Fail unless an answer has every header that protects, once and exactly."""
    assert {name: answer.header(name) for name in PROTECTION} == PROTECTION
    assert answer.header("Access-Control-Allow-Origin") is None


def test_a_browser_that_came_by_the_link_is_answered(client: Client) -> None:
    answer = client.get("/")

    assert answer.status == 200
    assert "No account is connected yet" in answer.body


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "[::1]",
        "0.0.0.0",  # noqa: S104 - a name that is asked for
        "",
        "HD-SOMETHING.localhost",
    ],
)
def test_every_other_host_is_refused(client: Client, host: str) -> None:
    for port in ("", f":{client.port + 1}", ":80"):
        answer = client.get("/", Host=f"{host}{port}")

        assert answer.status == 421
        assert_protected(answer)
    assert "No account" not in "".join(seen.body for seen in client.seen)


def test_the_right_name_with_another_port_is_refused(client: Client) -> None:
    name = client.host.partition(":")[0]

    for host in (name, f"{name}:{client.port + 1}", f"{name}:{client.port}0", f"127.0.0.1:{client.port + 1}"):
        assert client.get("/", Host=host).status == 421


@pytest.mark.parametrize("form", ["{}.", "{}.evil.example:{}", "evil.{}:{}", "user@{}:{}", "{}:{}@evil.example"])
def test_names_that_resemble_ours_are_refused(client: Client, form: str) -> None:
    name = client.host.partition(":")[0]

    assert client.get("/", Host=form.format(name, client.port)).status in {400, 421}


def test_a_name_that_was_rebound_to_this_computer_is_refused_with_everything_else_right(client: Client) -> None:
    rebound = f"rebound.evil.example:{client.port}"

    answers = [
        client.get("/", Host=rebound, Sec_Fetch_Site="same-origin"),
        client.post("/lock", Host=rebound, Origin=f"http://{rebound}", Sec_Fetch_Site="same-origin"),
        client.get("/login?token=x", Host=rebound),
        client.get("/static/portal.css", Host=rebound),
    ]

    assert [answer.status for answer in answers] == [421] * 4
    assert [answer.header("Set-Cookie") for answer in answers] == [None] * 4


def test_a_missing_host_is_refused_at_once(client: Client) -> None:
    answer = client.get("/", Host=None)

    assert answer.status in {400, 421}
    assert "No account" not in answer.body


def test_two_hosts_are_refused_in_either_order(client: Client) -> None:
    for hosts in ((client.host, "evil.example"), ("evil.example", client.host), (client.host, client.host)):
        assert client.get("/", Host=hosts).status in {400, 421}


def test_an_address_in_the_request_line_does_not_take_the_place_of_the_host(client: Client) -> None:
    for address in ("http://evil.example/", f"http://evil.example:{client.port}/", "https://evil.example/login"):
        assert client.get(address).status == 421
    for host in ("evil.example", f"evil.example:{client.port}"):
        assert client.get(f"http://{client.host}/", Host=host).status == 421


def test_the_address_with_numbers_works_in_place_of_the_name(portal: Portal) -> None:
    numbers = portal.client(f"127.0.0.1:{portal.port}")

    numbers.enter(portal.link)

    assert numbers.get("/").status == 200
    assert numbers.post("/lock").status == 303


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "origin",
    [None, "null", "", "http://evil.example", "https://{host}", "http://{name}", "http://127.0.0.1:{port}", "{host}"],
    ids=["missing", "null", "empty", "foreign", "https", "no-port", "other-name", "no-scheme"],
)
def test_a_form_of_another_origin_is_refused(client: Client, path: str, origin: str | None) -> None:
    name = client.host.partition(":")[0]
    sent = origin and origin.format(host=client.host, name=name, port=client.port)

    answer = client.post(path, Origin=sent)

    assert answer.status == 403
    assert_protected(answer)


def test_the_page_of_another_local_port_is_refused(client: Client) -> None:
    name = client.host.partition(":")[0]

    assert client.post("/lock", Origin=f"http://{name}:{client.port + 1}").status == 403
    assert client.post("/lock", Origin=f"http://localhost:{client.port}").status == 403


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "wrong", "\u0000", "\u00e9\U0001f600", "x" * 5000])
def test_a_form_without_the_right_token_is_refused(client: Client, path: str, token: str) -> None:
    answer = client.post(path, {"csrf": token})

    assert answer.status == 403
    assert_protected(answer)


def test_a_token_is_taken_from_the_form_alone(client: Client) -> None:
    for target in ("/lock", f"/lock?csrf={client.csrf}"):
        assert client.ask("POST", target, b"", {"X-CSRF-Token": client.csrf}).status == 403


def test_a_token_of_another_run_is_refused(client: Client, portal: Portal) -> None:
    other = portal.entered()

    assert client.post("/lock", {"csrf": other.csrf}).status == 403


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"csrf=%ff%fe", b"csrf=%00", b"&" * 3000, b"{}", b"csrf"],
    ids=["bytes", "broken", "zero", "many", "json", "bare"],
)
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=nothing",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=unicode_escape",
        "multipart/form-data",
        "multipart/form-data; boundary=b",
        "text/plain",
        "application/json",
    ],
)
def test_a_body_that_is_no_form_is_refused_with_every_header(client: Client, body: bytes, kind: str) -> None:
    answer = client.ask("POST", "/lock", body, {"Content-Type": kind})

    assert answer.status in {400, 403, 413}
    assert_protected(answer)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "nonsense"])
def test_what_another_site_asks_for_is_refused(client: Client, site: str) -> None:
    answers = [client.get(path, Sec_Fetch_Site=site) for path in ("/", "/login?token=x", "/static/portal.js")]
    answers.append(client.post("/lock", Sec_Fetch_Site=site))

    assert [answer.status for answer in answers] == [403] * 4


def test_another_site_that_asks_for_the_link_does_not_use_it_up(served: Served) -> None:
    link = served.desk.gate.new_link()

    assert served.client().get(link, Sec_Fetch_Site="cross-site").status == 403
    assert served.client().get("/login?token=guess", Sec_Fetch_Site="cross-site").status == 403
    assert served.client().get(link, Sec_Fetch_Site="none").status == 303


@pytest.mark.parametrize("path", PAGES)
def test_without_the_cookie_no_page_is_shown(client: Client, path: str) -> None:
    client.cookie = None

    answer = client.get(path)

    assert answer.status == 401
    assert "csrf" not in answer.body
    assert_protected(answer)


@pytest.mark.parametrize("path", FORMS)
def test_without_the_cookie_no_form_is_taken_even_with_its_token(client: Client, path: str) -> None:
    client.cookie = None

    assert client.post(path).status == 401


def test_without_the_cookie_nothing_says_whether_a_page_exists(client: Client) -> None:
    client.cookie = None

    assert len({client.get(path).body for path in PAGES}) == 1


@pytest.mark.parametrize("form", ["{}x", "{}=", "{};{}x", "x{}", '"{}"'])
def test_a_cookie_that_is_not_exactly_ours_is_refused(client: Client, form: str) -> None:
    name, _, value = (client.cookie or "").partition("=")
    client.cookie = f"{name}={form.format(value[:-1], value)}"

    assert client.get("/").status == 401


def test_the_cookie_of_another_run_is_refused(client: Client, portal: Portal) -> None:
    client.cookie = portal.entered().cookie
    name, _, value = (client.cookie or "").partition("=")

    assert client.get("/").status == 401
    assert not value.startswith(name)


def test_the_name_of_the_cookie_belongs_to_one_run(client: Client, portal: Portal) -> None:
    names = {(one.cookie or "").partition("=")[0] for one in (client, portal.entered())}

    assert len(names) == 2


def test_the_cookie_is_kept_from_scripts_and_other_sites(served: Served) -> None:
    answer = served.client().get(served.desk.gate.new_link())
    parts = {part.strip() for part in (answer.header("Set-Cookie") or "").split(";")[1:]}

    assert parts == {"HttpOnly", "Path=/", "SameSite=Strict"}


def test_a_link_works_once(served: Served) -> None:
    link = served.desk.gate.new_link()
    first, second = served.client().get(link), served.client().get(link)

    assert (first.status, second.status) == (303, 401)
    assert second.header("Set-Cookie") is None


def test_a_link_that_is_used_again_leaves_the_first_browser_in(served: Served) -> None:
    link = served.desk.gate.new_link()
    client = served.client()
    client.enter(link)

    served.client().get(link)

    assert client.get("/").status == 200


def test_a_link_works_for_two_minutes(served: Served) -> None:
    link = served.desk.gate.new_link()
    served.clock.turn(LINK_SECONDS)

    assert served.client().get(link).status == 303


def test_a_link_of_more_than_two_minutes_ago_works_no_more(served: Served) -> None:
    link = served.desk.gate.new_link()
    served.clock.turn(LINK_SECONDS + 0.001)
    answer = served.client().get(link)

    assert LINK_SECONDS == 120
    assert (answer.status, answer.header("Set-Cookie")) == (401, None)


@pytest.mark.parametrize("guess", ["wrong", "", "%00", "%ed%a0%80", "%ff", "\u00e9".encode().hex()])
def test_a_wrong_guess_is_refused_and_does_not_use_the_link_up(served: Served, guess: str) -> None:
    link = served.desk.gate.new_link()
    guesses = [served.client().get(path) for path in (f"/login?token={guess}", link[:-1], f"{link}x")]

    assert [(answer.status, answer.header("Set-Cookie")) for answer in guesses] == [(401, None)] * 3
    assert served.client().get(link).status == 303


def test_looking_whether_the_link_works_does_not_use_it_up(served: Served) -> None:
    link = served.desk.gate.new_link()
    looked = served.client().ask("HEAD", link)

    assert (looked.status, looked.header("Allow"), looked.header("Set-Cookie")) == (405, "GET", None)
    assert served.client().get(link).status == 303


def test_a_login_without_a_token_is_refused(served: Served) -> None:
    served.desk.gate.new_link()

    assert served.client().get("/login").status == 401


def test_nobody_is_in_before_the_link_was_used(served: Served) -> None:
    client = served.client()
    served.desk.gate.new_link()

    for value in ("", "None", "x"):
        client.cookie = f"{served.desk.gate.cookie}={value}"

        assert client.get("/").status == 401


@pytest.mark.parametrize(
    "more", ["&next=//evil.example", "&next=http://evil.example/", "&url=%2f%2fevil.example", "#//evil.example"]
)
def test_coming_in_leads_to_the_first_page_whatever_else_the_link_says(served: Served, more: str) -> None:
    answer = served.client().get(served.desk.gate.new_link() + more)

    assert (answer.status, answer.header("Location")) in {(303, "/"), (401, None)}


@pytest.mark.parametrize(
    "target", ["//evil.example", "//evil.example/", "/\\evil.example", "/add//evil.example", "/%2f%2fevil.example"]
)
def test_no_address_leads_elsewhere(client: Client, target: str) -> None:
    answer = client.get(target)

    assert answer.status in {400, 404, 421}
    assert answer.header("Location") is None


@pytest.mark.parametrize(
    "target",
    [
        "/static/../desk.py",
        "/static/..%2fdesk.py",
        "/static/%2e%2e/desk.py",
        "/static/%2e%2e%2fdesk.py",
        "/static/..%5cdesk.py",
        "/static/%252e%252e%252fdesk.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/portal.css%00.js",
        "/static/portal.css/",
        "/static/",
        "/static/.",
        "/static/PORTAL.CSS",
    ],
)
def test_only_the_files_of_pages_are_given_out(client: Client, target: str) -> None:
    for cookie in (client.cookie, None):
        client.cookie = cookie
        answer = client.get(target)

        assert answer.status in {401, 404}
        assert "import" not in answer.body
        assert "root:" not in answer.body


@pytest.mark.parametrize(
    "target",
    ["/static/../accounts/test", "/static/..%2fadd", "/login/../add", "/static%2f..%2fadd", "/loginx", "/login/"],
)
def test_an_open_address_does_not_lead_to_a_closed_page(client: Client, target: str) -> None:
    client.cookie = None

    answer = client.get(target)

    assert answer.status in {401, 404}
    assert "csrf" not in answer.body


@pytest.mark.parametrize("path", ["/tests/x", "/tests/x/events", "/accounts/x", "/rounds/x", "/add/x", "/x"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status == 404
    assert_protected(answer)


@pytest.mark.parametrize("path", ["/tests/x/submit", "/accounts/x/test", "/accounts/x/rename", "/add/x"])
def test_a_form_for_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    answer = client.post(path, {"label": "x"})

    assert answer.status == 404
    assert_protected(answer)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_need_all_that_a_form_needs(client: Client, method: str) -> None:
    bare = client.ask(method, "/")
    whole = client.ask(method, "/", f"csrf={client.csrf}")

    assert bare.status == 403
    assert whole.status in {403, 405}
    assert_protected(whole)


def test_a_form_is_not_read_from_an_address(client: Client) -> None:
    assert client.get(f"/lock?csrf={client.csrf}").status == 405
    assert client.get(f"/accounts/test?csrf={client.csrf}").header("Location") == "/"


@pytest.mark.parametrize(
    "path", ["/", "/add", "/add/poloniex", "/static/portal.css", "/static/portal.js", "/static/icon.svg", "/login"]
)
def test_every_answer_is_protected(client: Client, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert_protected(client.ask(method, path))


def test_the_headers_are_the_ones_that_this_page_names() -> None:
    assert HEADERS.items() >= PROTECTION.items()


def test_the_protection_names_no_other_place() -> None:
    assert "http" not in POLICY
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


def test_a_request_that_is_no_http_tells_nothing(shared: Portal, client: Client) -> None:
    for nonsense in (
        b"NONSENSE\r\n\r\n",
        b"GET /s3cr3t HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\r\nA",
    ):
        with socket.create_connection(("127.0.0.1", shared.port), timeout=5) as connection:
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65536)

        assert b"Traceback" not in answer
        assert b"csrf" not in answer
    assert client.get("/").status == 200
