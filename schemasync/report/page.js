"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const filters = document.getElementById("filters");
  if (filters) {
    filters.hidden = false;
    const status = document.getElementById("status");
    const apply = () => {
      const chosen = new FormData(filters);
      const severities = new Set(chosen.getAll("severity"));
      const text = (chosen.get("text") || "").toLowerCase();
      let shown = 0;
      let total = 0;
      for (const drift of all("article.drift")) {
        const data = drift.dataset;
        const wanted =
          severities.has(data.severity) &&
          (!chosen.get("kind") || data.kind === chosen.get("kind")) &&
          (!chosen.get("owner") || data.owner === chosen.get("owner")) &&
          (!chosen.get("behind") || data.behind.split(" ").includes(chosen.get("behind"))) &&
          (!chosen.get("database") || chosen.get("database").split(" ").includes(data.shared)) &&
          (!text || drift.parentElement.dataset.name.toLowerCase().includes(text) || drift.textContent.toLowerCase().includes(text));
        drift.hidden = !wanted;
        shown += wanted;
        total += 1;
      }
      for (const section of all("section.table")) {
        section.hidden = !section.querySelector("article.drift:not([hidden])");
      }
      status.textContent = shown === total ? `All ${total} drifts are shown.` : `${shown} of ${total} drifts are shown.`;
    };
    filters.addEventListener("input", apply);
    filters.addEventListener("reset", () => setTimeout(apply));
    filters.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }

  const frame = document.getElementById("frame");
  const tools = document.getElementById("tools");
  if (!frame || !tools) return;
  tools.hidden = false;
  const svg = frame.querySelector("svg");
  const width = svg.width.baseVal.value;
  const height = svg.height.baseVal.value;
  let scale = 1;
  const zoom = (to) => {
    scale = Math.min(3, Math.max(0.1, to));
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  };
  const fit = () => zoom(Math.min(1, frame.clientWidth / width));
  const near = (name) => {
    svg.classList.toggle("dimmed", Boolean(name));
    const reached = new Set([name]);
    for (const edge of all(".edge", svg)) {
      const touches = edge.dataset.from === name || edge.dataset.to === name;
      edge.classList.toggle("near", touches);
      if (touches) reached.add(edge.dataset.from).add(edge.dataset.to);
    }
    for (const entity of all(".entity", svg)) entity.classList.toggle("near", reached.has(entity.dataset.table));
    const told = document.getElementById("neighbours");
    const entity = name && svg.querySelector(`[data-table="${CSS.escape(name)}"]`);
    const others = reached.size - 1;
    const joined = `joined to ${others} table${others === 1 ? "" : "s"}`;
    told.textContent = entity ? `${entity.getAttribute("aria-label")}; ${joined}.` : "";
    const neighbours = all("option", picker).filter((one) => entity && one.value !== name && reached.has(one.value));
    document.getElementById("joined").replaceChildren(...neighbours.map((one) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one.textContent;
      button.addEventListener("click", () => {
        picker.value = one.value;
        near(one.value);
        picker.focus();
      });
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    if (entity) {
      const box = entity.querySelector(".frame").getBBox();
      frame.scrollTo({ left: (box.x + box.width / 2) * scale - frame.clientWidth / 2, top: (box.y - 60) * scale });
    }
  };
  const picker = document.getElementById("picker");
  picker.addEventListener("input", () => near(picker.value));
  document.getElementById("larger").addEventListener("click", () => zoom(scale * 1.25));
  document.getElementById("smaller").addEventListener("click", () => zoom(scale / 1.25));
  document.getElementById("fit").addEventListener("click", fit);
  if (width > frame.clientWidth) zoom(Math.max(0.55, frame.clientWidth / width));
})();
