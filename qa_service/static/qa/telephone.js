/* Comfort for the keyboard: inside the list J and K go from person to person; Enter is the button's own. */
"use strict";
document.getElementById("calls")?.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll("tbody tr")];
  const at = rows.indexOf(event.target.closest("tr"));
  const next = rows[at + step]?.querySelector("button, a");
  if (!next) return;
  next.focus();
  event.preventDefault();
});
