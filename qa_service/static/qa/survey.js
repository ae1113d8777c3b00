/* Comfort only: the form is whole without it. Reads aloud where the phone has a voice, counts signs,
   moves the focus to an error, and keeps the answer on the page when the network is gone. */
"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector) => document.querySelector(selector);
  const errors = one("[data-errors]");
  if (errors) errors.focus();

  const speech = window.speechSynthesis;
  const button = one("[data-read]");
  const voice = () => speech.getVoices().find((v) => v.lang.toLowerCase().replace("_", "-").startsWith(root.lang.slice(0, 2)));
  const answers = [...document.querySelectorAll(".card [data-say]")];
  const said = (node) => `${answers.includes(node) ? `${answers.indexOf(node) + 1}, ` : ""}${node.textContent.trim()}`;
  const words = () => [...document.querySelectorAll("[data-say]")].map(said).join("。 ");
  const offer = () => { if (button && voice()) button.hidden = false; };
  if (speech && button) {
    offer();
    speech.addEventListener?.("voiceschanged", offer);
    button.addEventListener("click", () => {
      const speaking = speech.speaking;
      speech.cancel();
      if (speaking) return;
      const text = new SpeechSynthesisUtterance(words());
      text.voice = voice();
      text.lang = root.lang;
      text.rate = 0.9;
      speech.speak(text);
    });
    window.addEventListener("pagehide", () => speech.cancel());
  }

  const box = one("textarea[maxlength]");
  const count = one("[data-count]");
  if (box && count) {
    const show = () => { count.textContent = `${box.value.length} / ${box.maxLength}`; };
    box.addEventListener("input", show);
    show();
  }

  const offline = one("[data-offline]");
  let pressed = 0;
  document.addEventListener("submit", (event) => {
    if (offline) offline.hidden = navigator.onLine;
    if (!navigator.onLine) { event.preventDefault(); offline?.focus(); return; }
    // A second tap within two seconds is a slip of the finger, not a second answer.
    if (Date.now() - pressed < 2000) event.preventDefault();
    else pressed = Date.now();
  });
  window.addEventListener("pageshow", () => { pressed = 0; });
})();
