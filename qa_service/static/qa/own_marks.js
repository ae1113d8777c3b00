// The form of an observer or a firm with scripts: saves by itself, and keeps what is typed on the device while there is no network.
// Without scripts the same form is saved by its buttons.
(() => {
  "use strict";
  const keyOf = (id) => `own-marks:${id}`;
  // Handed in: nothing of it stays on the device.
  for (const done of document.querySelectorAll("[data-forget]")) localStorage.removeItem(keyOf(done.dataset.forget));
  const form = document.getElementById("own-marks");
  if (!form) return;

  const DELAY = 1500;
  const RETRY = 15000;
  const text = form.dataset;
  const key = keyOf(text.id);
  const state = document.getElementById("save-state");
  const items = [...form.querySelectorAll(".item")];
  const csrf = () =>
    document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? form.querySelector("[name=csrfmiddlewaretoken]").value;
  let version = Number(form.elements.version.value);
  // What went out on top of that version and was not answered: nothing else goes out before it is known what became of it.
  let unanswered = null;
  let dirty = false;
  let saving = false;
  let held = false;  // another device was first: the next save is the person's own act
  let timer = 0;

  const box = (code, name) => form.elements[`${code}-${name}`];
  const typed = () => ({
    marks: items.map(({ dataset: { item } }) => ({
      item,
      anchor: box(item, "anchor").value,
      reason_code: box(item, "reason_code").value,
      comment: box(item, "comment").value,
    })),
    comment: form.elements.comment.value,
  });
  const fill = ({ marks, comment }) => {
    for (const mark of marks) {
      for (const name of ["anchor", "reason_code", "comment"]) if (box(mark.item, name)) box(mark.item, name).value = mark[name];
    }
    form.elements.comment.value = comment;
  };
  const say = (words, unsaved = false) => {
    state.textContent = words;
    state.classList.toggle("unsaved", unsaved);
  };
  const keep = () => localStorage.setItem(key, JSON.stringify({ version, unanswered, typed: typed() }));
  // As the server stores them: blanks round a text, and how a line ends, are no difference.
  const plain = (words) => words.replaceAll("\r\n", "\n").trim();
  const same = (a, b) =>
    plain(a.comment) === plain(b.comment) &&
    a.marks.every((mark, at) => Object.keys(mark).every((name) => plain(mark[name]) === plain(b.marks[at][name])));
  const asStored = (found) => ({
    comment: found.comment,
    marks: items.map(({ dataset: { item } }) => ({ item, anchor: "", reason_code: "", comment: "", ...found.marks[item] })),
  });
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  const save = async () => {
    clearTimeout(timer);
    if (saving || held || !dirty) return;
    if (!navigator.onLine) {
      say(text.textOffline, true);
      return later(RETRY);
    }
    saving = true;
    const sent = unanswered ?? typed();
    unanswered = sent;
    keep();
    say(text.textSaving);
    try {
      const answer = await fetch(text.url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify({ version, ...sent }),
      });
      const found = await answer.json();
      if (answer.ok) {
        version = found.version;
        form.elements.version.value = version;
        say(`${text.textSaved} ${found.saved}`);
        answered(sent);
      } else if (answer.status === 409 && found.code.endsWith("_changed")) {
        if (same(sent, asStored(found))) {
          // It had arrived, and only the answer was lost: nobody else was here.
          version = found.version;
          form.elements.version.value = version;
          say(text.textSaved);
          answered(sent);
        } else changedElsewhere(found.version);
      } else if (answer.status >= 500) throw new Error(answer.status);
      else {
        unanswered = null;
        keep();
        if (answer.status === 401) askToSignIn(found.title);
        else say(firstWords(found.errors) || found.title, true);
      }
    } catch {
      say(text.textOffline, true);
      later(RETRY);
    }
    saving = false;
  };
  const answered = (sent) => {
    unanswered = null;
    dirty = JSON.stringify(typed()) !== JSON.stringify(sent);
    if (dirty) keep(), later(DELAY);
    else localStorage.removeItem(key);
  };
  const firstWords = (errors) => {
    if (typeof errors === "string") return errors;
    if (!errors || typeof errors !== "object") return "";
    if (errors.message) return errors.message;
    return Object.values(errors).map(firstWords).find(Boolean) ?? "";
  };
  // What is kept goes on naming the version it was typed on: opened anew, the form asks again and overwrites nothing.
  const changedElsewhere = (stored) => {
    held = true;
    unanswered = null;
    form.elements.version.value = stored;
    keep();
    say(text.textChanged, true);
  };
  const askToSignIn = (title) => {
    say(`${title} `, true);
    const door = document.createElement("a");
    door.href = text.door;
    door.target = "_blank";
    door.textContent = text.textDoor;
    state.append(door);
  };

  form.addEventListener("input", () => {
    dirty = true;
    keep();
    later(DELAY);
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say(event.submitter?.value === "submit" ? text.textNoHandIn : text.textOffline, true);
  });
  window.addEventListener("online", save);
  window.addEventListener("focus", save);

  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  if (!kept) return;
  const stored = typed();
  if (same(kept.typed, stored)) {
    // A form that was refused shows what nobody has stored yet.
    if (!("refused" in text)) localStorage.removeItem(key);
    return;
  }
  const arrived = kept.unanswered !== null && same(kept.unanswered, stored);
  const current = Number(form.elements.version.value);
  fill(kept.typed);
  dirty = true;
  say(text.textFound);
  if (arrived || kept.version === current) return later(0);
  version = kept.version;
  changedElsewhere(current);
})();
