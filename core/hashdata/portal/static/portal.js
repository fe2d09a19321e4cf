// Everything works without this. It shows a test while it runs, moves the focus to what is new, and fills in practice keys.
"use strict";

const progress = document.getElementById("progress");
if (progress) {
  const source = new EventSource(progress.dataset.events);
  source.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (state.over) {
      source.close();
      location.reload();
      return;
    }
    // Made on the server, where every text is escaped.
    progress.innerHTML = state.html;
    document.getElementById("said").textContent = state.said;
  };
  source.onerror = () => { source.close(); setTimeout(() => location.reload(), 1500); };
}

// A round of tests takes its own page anew until it is over, without moving anything else.
async function follow() {
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const round = fresh.getElementById("round");
  if (!answer.ok || !round) { location.reload(); return; }
  document.getElementById("round").replaceChildren(...round.childNodes);
  document.getElementById("said").textContent = fresh.getElementById("said").textContent;
  if ("going" in round.dataset) setTimeout(() => follow().catch(() => location.reload()), 400);
}
if (document.querySelector("#round[data-going]")) follow().catch(() => location.reload());

const target = document.querySelector("[data-focus]");
if (target && !location.hash) target.focus();

for (const button of document.querySelectorAll("[data-persona]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const shown of button.closest("details").querySelectorAll("[data-fill]")) {
      const field = document.getElementById(`field-${shown.dataset.fill}`);
      if (field) field.value = shown.textContent;
    }
    document.getElementById("field-label")?.focus();
  });
}
