// A room of the menu that was opened shuts by Escape, by a press elsewhere and when the keyboard leaves it: it lies over
// the page. Without this script it shuts when its name is pressed again, or another room is opened.
(() => {
  "use strict";
  const rooms = [...document.querySelectorAll("details[name=site-room]")];
  const shut = (kept) => {
    for (const room of rooms) if (!kept || !room.contains(kept)) room.open = false;
  };

  document.addEventListener("pointerdown", ({ target }) => shut(target));
  document.addEventListener("focusin", ({ target }) => shut(target));
  document.addEventListener("keydown", ({ key }) => {
    const open = rooms.find((room) => room.open);
    if (key !== "Escape" || !open) return;
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
    shut();
  });
})();
