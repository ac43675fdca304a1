// In the panel beside a page: one number's record, with what its step and its analysis say. Alone, the page is as it was written.
(() => {
  "use strict";
  if (window.parent === window) return;
  const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const step = asked && asked.closest(".trace-step"), records = asked && asked.closest(".scroll");
  if (!step || !records) return;
  const main = document.querySelector("main");
  const part = (title, content) => {
    const section = document.createElement("section"), heading = document.createElement("h2");
    heading.textContent = title;
    section.append(heading, content);
    return section;
  };
  records.querySelectorAll("tbody tr:not(.part)").forEach((row) => row.contains(asked) || row.remove());
  records.querySelectorAll("tbody").forEach((body) => body.contains(asked) || body.remove());
  const shared = main.querySelector(":scope > .facts"), own = step.querySelector(":scope > .facts");
  main.replaceChildren(part("Number", records), ...(shared ? [part("Promise", shared)] : []), ...(own ? [part("Method and rows", own)] : []));
  document.documentElement.classList.add("beside");
  const base = document.createElement("base");
  base.target = "_top"; // a link of the record leads the whole window there
  document.head.append(base);
  document.addEventListener("keydown", (event) => event.key === "Escape" && window.parent.postMessage("sap: close", "*"));
})();
