// Whoever types is not idle: the service is told so, at most every five minutes, that a long form outlives no session.
(() => {
  "use strict";
  const EVERY = 5 * 60 * 1000;
  const { url } = document.currentScript.dataset;
  let told = Date.now();
  document.addEventListener("input", () => {
    if (Date.now() - told < EVERY) return;
    told = Date.now();
    fetch(url).catch(() => {});
  });
})();
