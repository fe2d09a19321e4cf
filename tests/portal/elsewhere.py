"""Another web server on this computer, which records what browsers send to it and protects nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.cli.command import PATIENCE


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True)
class Elsewhere:
    """
    What runs on `port`; every name of this computer leads there.

    `pages` are its pages by path, and any other path has an empty one;
    `cookies` are set by all of them.
    """

    port: int
    pages: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def at(self, name: str, path: str = "/") -> str:
        return f"http://{name}:{self.port}{path}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers.get("Content-Length", "0"))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append(Asked(handler.command, handler.path, headers, handler.rfile.read(size).decode()))
        content = self.pages.get(handler.path, "<title>elsewhere</title><p>shown</p>").encode()
        handler.send_response(200)
        for cookie in self.cookies:
            handler.send_header("Set-Cookie", cookie)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(content)))
        handler.send_header("Access-Control-Allow-Origin", headers.get("origin", "*"))
        handler.send_header("Access-Control-Allow-Credentials", "true")
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Serve in a thread of this process, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.answer(self)

        do_POST = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = do_GET  # noqa: N815 - as http.server names them

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as http.server names it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Elsewhere(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()


# All that a page can do to another server, at once; it returns what the page came to know or to hold by it. The
# first page is also opened in whatever costs the browser a process.
ATTACK = """
async ({to, pages, forms, fields, patience}) => {
  const known = [];
  const note = (how, path, what) => { if (what) known.push(`${how} ${path}`); };
  const wait = moment => new Promise(done => setTimeout(done, moment));
  const ask = (how, path, options) => fetch(to + path, {credentials: "include", ...options})
    .then(answer => answer.text(), () => "").then(text => note(how, path, text));
  const either = (one, good) => new Promise(done => {
    one.addEventListener(good, () => done(true));
    one.addEventListener("error", () => done(false));
    setTimeout(done, patience, false);
  });
  const put = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return document.body.appendChild(element);
  };
  const load = async (tag, attribute, path, more = {}) => {
    const good = ["video", "audio"].includes(tag) ? "loadeddata" : "load";
    note(tag, path, await either(put(tag, {[attribute]: to + path, ...more}), good));
  };
  const inside = frame => { try { return frame.contentDocument.body.innerText; } catch { return ""; } };
  const show = async (tag, attribute, path) => {
    const element = put(tag, {[attribute]: to + path});
    await either(element, "load");
    note(tag, path, inside(element));
  };
  const submit = async (path, target) => {
    const frame = target ? null : put("iframe", {name: `form ${path}`});
    const form = put("form", {action: to + path, method: "post", target: target ?? frame.name});
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("input"), {name, value, type: "hidden"}));
    }
    form.submit();
    if (frame) note("form", path, await either(frame, "load") && inside(frame));
  };
  const work = async path => {
    const text = `try { importScripts("${to}${path}"); postMessage(1); } catch { undefined(); }`;
    note("worker", path, await either(new Worker(URL.createObjectURL(new Blob([text]))), "message"));
  };
  const all = [];
  for (const path of pages) {
    all.push(ask("fetch", path, {mode: "no-cors"}), ask("fetch", path, {}));
    for (const tag of ["img", "script", "video", "audio"]) all.push(load(tag, "src", path));
    for (const rel of ["stylesheet", "prefetch"]) all.push(load("link", "href", path, {rel}));
    all.push(import(to + path).then(() => note("import", path, true), () => {}));
    const source = new EventSource(to + path, {withCredentials: true});
    all.push(either(source, "open").then(has => { source.close(); note("events", path, has); }));
    all.push(either(new WebSocket((to + path).replace("http", "ws")), "open").then(has => note("socket", path, has)));
  }
  for (const path of forms) {
    const body = new URLSearchParams(fields), mode = "no-cors", method = "POST";
    for (const sent of [body, `${body}`, new FormData(), new Blob([`${body}`])]) {
      all.push(ask("post", path, {method, mode, body: sent}));
    }
    for (const more of [{}, {headers: {"X-Other": "1"}}, {method: "PUT"}, {method: "DELETE"}]) {
      all.push(ask("post", path, {method, body, ...more}));
    }
    navigator.sendBeacon(to + path, body);
    put("a", {href: "#", ping: to + path}).click();
    all.push(submit(path));
  }
  all.push(show("iframe", "src", pages[0]), show("embed", "src", pages[0]), show("object", "data", pages[0]));
  all.push(work(pages[0]), submit(forms[0], "_blank"), submit(forms.at(-1), "_blank"));
  const opened = open(to + pages[0]);
  await Promise.all(all);
  // For what tells nobody that it has ended.
  await wait(200);
  // Whoever keeps hold of a window may lead it elsewhere unseen.
  for (let waited = 0; waited < patience && !opened.closed; waited += 50) await wait(50);
  note("window", pages[0], !opened.closed);
  opened.close();
  return known.sort();
}
"""
