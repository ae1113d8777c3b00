// Whoever types is not idle: the service is told so, at most every five minutes, that a long form outlives no session.
// Some minutes before the session ends a bar says so, and one press keeps it; other windows of this browser count too.
(() => {
  "use strict";
  const MINUTE = 60 * 1000;
  const EVERY = 5 * MINUTE;
  const { url, minutes } = document.currentScript.dataset;
  const idle = Number(minutes) * MINUTE - MINUTE; // the service writes down the last use once a minute
  const warned = Math.min(5 * MINUTE, idle / 2);
  const bar = document.getElementById("session-ending");
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("session-used") : null;
  let told = Date.now();
  let asked = told;
  let over = false;

  const used = () => {
    told = Date.now();
    bar.hidden = true;
  };
  const show = (ended) => {
    const at = new Date(told + idle);
    bar.querySelector("[data-at]").textContent = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
    for (const part of bar.querySelectorAll("[data-soon]")) part.hidden = ended;
    bar.querySelector("[data-over]").hidden = !ended;
    bar.hidden = false;
  };
  const tell = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(url);
      if (answer.ok) {
        used();
        windows?.postMessage("used");
      } else if (answer.status === 401) {
        over = true;
        show(true);
      }
    } catch {
      // no network: the page itself says so when it sends
    }
  };
  const look = () => {
    const rested = Date.now() - told;
    if (over || rested < idle - warned) return;
    over = rested >= idle;
    show(over);
  };

  windows?.addEventListener("message", () => { over = false; used(); });
  windows?.postMessage("used"); // a page that was opened is use of the session
  bar.querySelector("button").addEventListener("click", tell);
  document.addEventListener("input", () => { if (!over && Date.now() - asked >= EVERY) tell(); });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 10 * 1000);
})();
