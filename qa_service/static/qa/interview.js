/* Comfort for keying in: in a group of choices the digits 1–9 pick, as on the paper. */
"use strict";
document.addEventListener("keydown", (event) => {
  const group = event.target.closest("fieldset");
  if (!group || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
  const choice = group.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (!choice) return;
  choice.checked = true;
  choice.focus();
  event.preventDefault();
});
/* Ctrl + Enter records from anywhere in the form. */
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("#call");
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.btn-primary"));
});
