// What all items of a checklist come to while the points of one are typed. The server works it out anew when it is saved.
(() => {
  "use strict";
  const told = document.getElementById("points-in-all");
  const box = document.getElementById("points");
  if (!told || !box) return;
  const hundredths = (written) => {
    const [, whole, part = ""] = written.trim().match(/^(\d{1,6})(?:\.(\d{1,2}))?$/) ?? [];
    return whole === undefined ? null : BigInt(whole) * 100n + BigInt(part.padEnd(2, "0"));
  };
  const plain = (many) => `${many / 100n}.${String(many % 100n).padStart(2, "0")}`.replace(/\.?0+$/, "");
  const tell = () => {
    const typed = hundredths(box.value);
    told.textContent = typed === null ? "" : told.dataset.text.replace("%(sum)s", plain(hundredths(told.dataset.others) + typed));
  };
  box.addEventListener("input", tell);
  // Somebody may have typed before this was here.
  if (box.value !== box.defaultValue) tell();
})();
