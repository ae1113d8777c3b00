// The scorecard with scripts: saves each item by itself, keeps the running total, answers to keys.
// Without scripts the same form is saved whole by its buttons.
(() => {
  "use strict";
  const form = document.getElementById("scorecard");
  if (!form) return;
  document.documentElement.classList.add("scripted");

  const DELAY = 500;
  const RETRY = 5000;
  const MARK = ["anchor", "reason_code", "page", "comment"];
  // A line of the adoption ledger is saved, merged and refused as a mark is; it has other boxes.
  const ARGUMENT = ["words", "page", "judgment_page", "treatment", "reasonable"];
  const namesOf = (item) => (item.matches(".argument") ? ARGUMENT : MARK);
  // Shares in ten-thousandths, so that totals are exact integers until they are shown.
  const SHARES = form.dataset.measure === "grades"
    ? { full: 10000n, mostly: 8500n, partly: 7000n, none: 0n }
    : { full: 10000n, mostly: 7500n, partly: 4000n, none: 0n };
  const LIMITED_ABOVE = 3000n;
  const text = form.dataset;
  const items = [...form.querySelectorAll(".item")];
  const state = document.getElementById("save-state");
  const heard = document.getElementById("heard");
  const conflictBox = document.getElementById("live-conflict");
  // The cookie before the form's copy: signing in again, in another window, has changed it.
  const csrf = () =>
    document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? form.querySelector("[name=csrfmiddlewaretoken]").value;
  const dirty = new Map();
  // What the server would not take, by item ("" is the comment on the whole file), and why: not sent again as it is.
  const refused = new Map();
  let single = false;
  let version = Number(text.version);
  let saving = false;
  let timer = 0;
  let conflict = null;
  const whole = form.elements.comment;
  const wholeLoaded = form.elements["comment-was"];
  let commentDirty = false;
  let leaving = false;

  // --- the marks of an item --------------------------------------------------------------------------------------
  const field = (item, name) => item.querySelector(`[name="${item.dataset.item}-${name}"]`);
  const anchorOf = (item) => item.querySelector("[data-field=anchor]:checked")?.value ?? "";
  const valueOf = (item, name) => (name === "anchor" ? anchorOf(item) : field(item, name).value.trim());
  const markOf = (item) => ({
    item: item.dataset.item,
    ...Object.fromEntries(namesOf(item).map((name) => [name, valueOf(item, name)])),
  });
  const fill = (item, mark) => {
    for (const radio of item.querySelectorAll("[data-field=anchor]")) radio.checked = radio.value === mark.anchor;
    for (const name of namesOf(item)) if (name !== "anchor") field(item, name).value = mark[name];
  };
  // The mark as stored when this window last knew: beside it shows what was changed here and what elsewhere.
  const loadedOf = (item) => Object.fromEntries(JSON.parse(field(item, "was").value).map((value, at) => [namesOf(item)[at], value]));
  const setLoaded = (item, mark) => { field(item, "was").value = JSON.stringify(namesOf(item).map((name) => mark[name])); };
  const same = (a, b) => Object.keys(a).every((name) => name === "item" || a[name] === b[name]);
  const byCode = (code) => items.find((item) => item.dataset.item === code);

  // --- the running total, as the server computes it -----------------------------------------------------------------
  const hundredths = (decimal) => {
    const [whole, part = ""] = decimal.split(".");
    return BigInt(whole) * 100n + BigInt(part.padEnd(2, "0").slice(0, 2));
  };
  const tenThousandths = (decimal) => {
    const [whole, part = ""] = decimal.split(".");
    return BigInt(whole) * 10000n + BigInt(part.padEnd(4, "0").slice(0, 4));
  };
  const shareOf = (item) => {
    const mark = markOf(item);
    if (!mark.anchor) return SHARES.full;
    if (mark.anchor === "na") return null;
    const floors = item.dataset.floors.trim().split(" ").filter(Boolean).map((pair) => pair.split("="));
    const floor = floors.find(([code]) => code === mark.reason_code);
    const least = floor ? tenThousandths(floor[1]) : 0n;
    return SHARES[mark.anchor] > least ? SHARES[mark.anchor] : least;
  };
  const total = () => {
    let numerator = 0n;
    let denominator = 1n;
    let weight = 0n;
    let absent = 0n;
    let all = 0n;
    for (const section of form.querySelectorAll(".section")) {
      let whole = 0n;
      let applicable = 0n;
      let gained = 0n;
      for (const item of section.querySelectorAll(".item")) {
        const points = hundredths(item.dataset.points);
        const share = shareOf(item);
        whole += points;
        all += points;
        if (share === null) { absent += points; continue; }
        applicable += points;
        gained += share * points;
      }
      if (!applicable) continue;
      numerator = numerator * applicable + whole * gained * denominator;
      denominator *= applicable;
      weight += whole;
    }
    if (!weight) return { shown: "—", band: null };  // nothing applies, so there is nothing to total
    denominator *= weight;
    const rounded = (2n * numerator + denominator) / (2n * denominator);
    const reaches = (least) => numerator >= least * denominator;
    let band = reaches(9000n) ? 0 : reaches(8000n) ? 1 : reaches(6000n) ? 2 : 3;
    if (absent * 10000n > LIMITED_ABOVE * all && band === 0) band = 1;
    return { shown: `${rounded / 100n}.${String(rounded % 100n).padStart(2, "0")}`, band };
  };
  const showTotal = () => {
    const now = total();
    const marked = items.filter(anchorOf).length;
    // Before the first mark there is nothing to total: a full score at the head of an unread file would suggest one.
    document.getElementById("running-total").textContent = marked ? now.shown : "—";
    document.getElementById("running-band").textContent = marked && now.band !== null ? text.bands.split("|")[now.band] : "";
    document.getElementById("marked").textContent = marked;
    return now;
  };
  const announce = (item) => {
    const chosen = item.querySelector("[data-field=anchor]:checked");
    if (!chosen) return;
    const share = shareOf(item);
    const lost = share === null ? 0 : Number((10000n - share) * hundredths(item.dataset.points)) / 1000000;
    const words = { item: item.dataset.item, anchor: chosen.nextElementSibling.textContent.trim(), lost: String(lost), total: showTotal().shown };
    heard.textContent = text.textHeard.replace(/%\((\w+)\)s/g, (_all, name) => words[name]);
  };

  // --- saving ----------------------------------------------------------------------------------------------------
  const say = (words, unsaved = false) => {
    state.textContent = words;
    state.classList.toggle("unsaved", unsaved);
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  const touched = (item) => {
    dirty.set(item.dataset.item, markOf(item));
    showTotal();
    later(DELAY);
  };
  const isArgument = (code) => byCode(code).matches(".argument");
  const lineOf = ({ item, ...line }) => ({ number: Number(item.slice(1)), ...line });
  const marksDue = () => [...dirty].filter(([code, mark]) => !refused.has(code) || !same(refused.get(code).mark, mark));
  const commentDue = () => commentDirty && refused.get("")?.mark.comment !== whole.value;
  const save = async () => {
    clearTimeout(timer);
    if (saving || conflict || (!marksDue().length && !commentDue())) return;
    saving = true;
    // Marks first, then lines of the ledger: each way of saving stays as small as it can be.
    const marks = marksDue().filter(([code]) => !isArgument(code));
    const due = marks.length ? marks : marksDue();
    const sent = new Map(single ? due.slice(0, 1) : due);
    const body = { version, marks: marks.length ? [...sent.values()] : [] };
    if (!marks.length) body.arguments = [...sent.values()].map(lineOf);
    if (commentDue() && !(single && sent.size)) body.comment = whole.value;
    say(text.textSaving);
    try {
      const answer = await fetch(text.url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify(body),
      });
      const found = await answer.json();
      if (answer.status === 409 && found.code === "marks_changed") merge(found);
      else if (answer.status === 401) askToSignIn(found);
      else if (OF_ONE_TEXT.includes(answer.status)) setAside(sent, body, found);
      else if (answer.status < 500 && !answer.ok && !PASSING.includes(answer.status)) say(found.title, true);
      else if (!answer.ok) throw new Error(answer.status);
      else {
        version = found.version;
        form.elements.version.value = version;
        for (const [code, mark] of sent) {
          refused.delete(code);
          setLoaded(byCode(code), mark);
          if (same(dirty.get(code), mark)) dirty.delete(code);
        }
        if ("comment" in body) {
          refused.delete("");
          wholeLoaded.value = body.comment;
          commentDirty = whole.value !== body.comment;
        }
        say(`${text.textSaved} ${found.saved}`);
        if (found.ledger) showProposal(found.ledger);
        goOn();
      }
    } catch {
      say(text.textUnsaved, true);
      later(RETRY);
    }
    saving = false;
  };

  // --- refused: which of the texts it was shows when each goes alone, and the others are saved -------------------------
  const OF_ONE_TEXT = [400, 413, 422];
  const PASSING = [408, 425, 429];
  const setAside = (sent, body, found) => {
    if (sent.size + ("comment" in body) > 1) single = true;
    else {
      const [code, mark] = sent.size ? [...sent][0] : ["", { comment: body.comment }];
      refused.set(code, { mark, why: firstWords(found.errors) || found.title });
    }
    goOn();
  };
  const firstWords = (errors) => {
    if (typeof errors === "string") return errors;
    if (!errors || typeof errors !== "object") return "";
    if (errors.message) return errors.message;
    return Object.values(errors).map(firstWords).find(Boolean) ?? "";
  };
  const goOn = () => {
    if (marksDue().length || commentDue()) return later(single ? 0 : DELAY);
    single = false;
    if (!refused.size) return;
    say(`${text.textRefused} `, true);
    for (const [code, { why }] of refused) {
      const place = document.createElement("a");
      place.href = code ? `#item-${code}` : "#review-comment";
      place.textContent = code ? nameOf(code) : text.textWhole;
      state.append(place, ` ${why} `);
    }
  };

  // --- signed out meanwhile: the door opens beside this page, which saves itself when one comes back ---------------
  const askToSignIn = (found) => {
    say("", true);
    const door = document.createElement("a");
    door.href = text.door;
    door.target = "_blank";
    door.textContent = text.textDoor;
    state.append(`${found.title} `, door);
  };
  window.addEventListener("focus", () => { if (state.querySelector("a[target]")) save(); });

  // --- another window saved first ------------------------------------------------------------------------------------
  const describe = (mark) => {
    const item = byCode(mark.item);
    if (isArgument(mark.item)) {
      const chosen = mark.treatment ? item.querySelector(`option[value="${mark.treatment}"]`).textContent.trim() : "";
      return [mark.words, mark.page, chosen, mark.judgment_page, mark.reasonable].filter(Boolean).join(" · ") || text.textEmpty;
    }
    const label = mark.anchor ? item.querySelector(`[value="${mark.anchor}"]`).nextElementSibling.textContent.trim() : "";
    return [label, mark.page, mark.comment].filter(Boolean).join(" · ") || text.textEmpty;
  };
  const nameOf = (code) => byCode(code).dataset.name ?? code;
  // As `reviews.merging`: what one of the two changed stands; only what both changed is for the reader to choose.
  const merge = (found) => {
    const differing = [];
    const stored = { ...found.current };
    for (const [number, line] of Object.entries(found.arguments)) stored[`L${number}`] = line;
    for (const item of items) {
      const mine = markOf(item);
      const before = loadedOf(item);
      const theirs = { item: mine.item, ...Object.fromEntries(namesOf(item).map((name) => [name, ""])), ...stored[mine.item] };
      if (same(mine, before) || same(mine, theirs)) take(item, theirs);
      else if (same(theirs, before)) dirty.set(mine.item, mine);
      else differing.push({ item, mine, theirs });
    }
    const comment = mergeComment(found.comment);
    if (differing.length || comment !== null) return showConflict(found.version, differing, comment);
    goOnFrom(found.version);
  };
  // The other window's comment on the whole file where both changed it; else null, and what one changed stands.
  const mergeComment = (theirs) => {
    const before = wholeLoaded.value.trim();
    const mine = commentDirty ? whole.value.trim() : before;
    wholeLoaded.value = theirs;
    if (mine === before || mine === theirs) takeComment(theirs);
    else if (theirs !== before) return theirs;
    return null;
  };
  const takeComment = (theirs) => {
    whole.value = theirs;
    commentDirty = false;
    refused.delete("");
  };
  const take = (item, mark) => {
    fill(item, mark);
    setLoaded(item, mark);
    dirty.delete(mark.item);
    refused.delete(mark.item);
  };
  const goOnFrom = (stored) => {
    version = stored;
    form.elements.version.value = version;
    showTotal();
    const due = marksDue().length || commentDue();
    say(due ? text.textSaving : text.textSaved);
    if (due) later(0);
    else goOn();
  };
  const showConflict = (stored, differing, comment) => {
    conflict = { version: stored, differing, comment };
    const apart = differing.map(({ mine, theirs }) => ({ item: nameOf(mine.item), mine: describe(mine), theirs: describe(theirs) }));
    if (comment !== null) {
      apart.push({ item: text.textWhole, mine: whole.value.trim() || text.textEmpty, theirs: comment || text.textEmpty });
    }
    document.getElementById("live-conflict-items").replaceChildren(
      ...apart.map((words) => {
        const line = document.createElement("li");
        line.textContent = text.textDiffers.replace(/%\((\w+)\)s/g, (_all, name) => words[name]);
        return line;
      }),
    );
    conflictBox.hidden = false;
    conflictBox.focus();
    say(text.textConflict, true);
  };
  const settle = (keepMine) => {
    const { version: stored, differing, comment } = conflict;
    if (comment !== null && !keepMine) takeComment(comment);
    for (const { item, theirs } of differing) {
      if (keepMine) dirty.set(theirs.item, markOf(item));
      else take(item, theirs);
      setLoaded(item, theirs);
    }
    conflict = null;
    conflictBox.hidden = true;
    goOnFrom(stored);
  };
  document.getElementById("keep-mine").addEventListener("click", () => settle(true));
  document.getElementById("take-theirs").addEventListener("click", () => settle(false));

  form.addEventListener("change", (event) => {
    const item = event.target.closest(".item");
    if (item) touched(item);
    if (item && event.target.dataset.field === "anchor") announce(item);
  });
  form.addEventListener("input", (event) => {
    const item = event.target.closest(".item");
    if (item) touched(item);
    else if (event.target.name === "comment") { commentDirty = true; later(DELAY); }
  });
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (dirty.size || commentDirty)) event.preventDefault();
  });

  // --- citing pages: the one on the screen, else the one last chosen in the catalogue --------------------------------
  let current = items[0];
  let cited = "";
  const shownPage = () => document.getElementById("viewer")?.dataset.page ?? "";
  form.addEventListener("focusin", (event) => { current = event.target.closest(".item") ?? current; });
  // Beside what stands in the box; whether anything was added.
  const add = (box, page, code) => {
    const standing = box.value.trim();
    const further = standing && !standing.split(/[、，,;；\s]+/).includes(page) ? `${standing}、${page}` : standing || page;
    const fits = page && further !== box.value && further.length <= box.maxLength;
    if (fits) {
      box.value = further;
      heard.textContent = text.textCited.replace("%(page)s", page).replace("%(item)s", code);
    }
    box.focus();
    return fits;
  };
  const put = (item, page) => { if (add(field(item, "page"), page, item.dataset.item)) touched(item); };
  const cite = () => put(current, shownPage() || (field(current, "page").value ? "" : cited));
  for (const button of form.querySelectorAll(".cite-page")) {
    button.addEventListener("click", () => { current = button.closest(".item"); cite(); });
  }
  for (const button of document.querySelectorAll("[data-cite-into]")) {
    const code = button.dataset.citeInto;
    button.addEventListener("click", () => add(document.getElementById(code), shownPage(), code.replace(/-page$/, "")));
  }
  for (const button of document.querySelectorAll("[data-cite]")) {
    button.addEventListener("click", () => {
      cited = document.getElementById(button.dataset.cite).value;
      const box = field(current, "page");
      if (cited) { box.value = cited; touched(current); }
      box.focus();
    });
  }

  // --- what the ledger of arguments speaks for: worked out by the server, taken by the reader -----------------------
  const takeProposal = document.getElementById("take-proposal");
  const showProposal = (proposal) => {
    document.getElementById("ledger-words").textContent = proposal.words;
    takeProposal.hidden = !proposal.anchor;
    Object.assign(takeProposal.dataset, { anchor: proposal.anchor, reason: proposal.reason });
  };
  takeProposal?.addEventListener("click", () => {
    current = byCode(takeProposal.closest(".ledger").dataset.item);
    choose(takeProposal.dataset.anchor);
    field(current, "reason_code").value = takeProposal.dataset.reason;
    touched(current);
    current.focus();
  });

  // --- keys -----------------------------------------------------------------------------------------------------
  const help = document.getElementById("help");
  document.getElementById("show-help").addEventListener("click", () => help.showModal());
  document.getElementById("close-help").addEventListener("click", () => help.close());
  const go = (step) => {
    const inside = document.activeElement?.closest?.(".item");
    const shown = items.filter((item) => item === current || !item.closest("details:not([open])"));
    const place = inside ? shown.indexOf(current) + step : shown.indexOf(current);
    current = shown[Math.min(shown.length - 1, Math.max(0, place))];
    current.focus();
  };
  const choose = (anchor) => {
    const radio = current.querySelector(`[data-field=anchor][value="${anchor}"]`);
    if (!radio) return;  // this item does not offer it
    radio.checked = true;
    touched(current);
    announce(current);
  };
  const KEYS = {
    j: () => go(1), k: () => go(-1),
    1: () => choose("full"), 2: () => choose("mostly"), 3: () => choose("partly"), 4: () => choose("none"),
    n: () => choose("na"), c: () => field(current, current.matches(".argument") ? "words" : "comment").focus(), p: cite, s: save,
    "[": () => document.getElementById("leaf-before")?.click(), "]": () => document.getElementById("leaf-after")?.click(),
    f: () => (document.getElementById("leaf-words") ?? document.getElementById("leaf-page"))?.focus(),
    "?": () => help.showModal(),
  };
  const typing = (element) =>
    element.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])") || element.isContentEditable;
  if (text.shortcuts === "on") {
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || help.open) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit(document.getElementById("submit-review"));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing(event.target)) {
        if (event.key === "Escape") current.focus();
        return;
      }
      const act = KEYS[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }
  showTotal();
})();
