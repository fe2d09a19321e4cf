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
  };
  source.onerror = () => { source.close(); setTimeout(() => location.reload(), 1500); };
}

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
