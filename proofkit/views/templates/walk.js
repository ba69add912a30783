var proofkitWalk = (function () {
  "use strict";
  var walk = { parts: [] };
  var all = walk.all = function (query, within) { return Array.prototype.slice.call((within || document).querySelectorAll(query)); };
  var at = walk.at = function (id) { return document.getElementById(id); };
  var data = walk.data = function () { return JSON.parse(at("walk-data").textContent); };
  walk.put = function (place, template) { place.replaceChildren(template.content.cloneNode(true)); };
  walk.say = function (place, words) {
    var line = document.createElement("p");
    line.textContent = words;
    place.replaceChildren(line);
  };

  // ── Progress: kept in this browser only ──
  var key = "", progress = {};
  walk.progress = function () { return progress; };
  function load() {
    key = "proofkit-walk/" + data().key;
    try { progress = JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { progress = {}; }
    progress.questions = progress.questions || {};
    progress.goals = progress.goals || {};
  }
  var save = walk.save = function () {
    try { localStorage.setItem(key, JSON.stringify(progress)); } catch (error) { /* a browser that keeps nothing */ }
    tell();
  };
  function tell() {
    var asked = all("#content .quiz[data-id]"), right = 0, helped = 0, goals = Object.keys(progress.goals).length;
    asked.forEach(function (quiz) {
      var one = progress.questions[quiz.dataset.id];
      if (one && one.right) { right += 1; helped += one.hints || one.wrong ? 1 : 0; }
    });
    var said = [];
    if (screens.length) { said.push("Beat " + (current + 1) + " of " + screens.length); }
    if (asked.length) { said.push(right + " of " + asked.length + " predictions right" + (helped ? ", " + helped + " of them with help" : "")); }
    if (at("goal")) { said.push(goals === 1 ? "1 goal reached" : goals + " goals reached"); }
    if (at("order-list")) { said.push("order " + (progress.order ? "found" : "not found yet")); }
    at("progress-words").textContent = said.join("; ");
    all("[data-goal]").forEach(function (one) { one.classList.toggle("reached", Boolean(progress.goals[one.dataset.goal])); });
  }
  function download() {
    var text = JSON.stringify({ proofkit: "walkthrough progress", of: data().key, title: data().title, progress: progress }, null, 1);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/json" }));
    link.download = "progress-" + data().key.replace(/[^\w-]+/g, "-") + ".json";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }
  function upload(file) {
    return file.text().then(function (text) {
      var found = null;
      try { found = JSON.parse(text); } catch (error) { /* said below */ }
      if (!found || found.proofkit !== "walkthrough progress" || typeof found.progress !== "object") { walk.say(at("progress-told"), "✗ " + file.name + " holds no progress that was saved here."); return; }
      if (found.of !== data().key) { walk.say(at("progress-told"), "✗ " + file.name + " is of another walkthrough: " + found.of + ", not " + data().key + "."); return; }
      progress = found.progress;
      progress.questions = progress.questions || {};
      progress.goals = progress.goals || {};
      save();
      location.reload();
    });
  }
  function startOver() {
    var place = at("progress-told"), yes = document.createElement("button"), no = document.createElement("button"), buttons = document.createElement("p");
    yes.type = no.type = "button";
    yes.id = "forget-yes"; yes.textContent = "Yes, start over";
    no.id = "forget-no"; no.textContent = "No, keep it";
    walk.say(place, "All answers and goals here are forgotten then.");
    buttons.className = "buttons";
    buttons.append(yes, " ", no);
    place.append(buttons);
    no.focus();
    no.addEventListener("click", function () { place.replaceChildren(); at("forget-progress").focus(); });
    yes.addEventListener("click", function () {
      try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
      note("step", null);
      location.reload();
    });
  }

  // ── The spine: one beat a screen ──
  var screens = [], current = 0, single = true, settled = false;
  walk.screens = function () { return screens; };
  function gather() {
    var loose = [];
    screens = [];
    all(".tale > li").forEach(function (item) {
      if (item.querySelector(".tale")) { return; }
      loose.push(item);
      if (item.classList.contains("beat")) { screens.push({ beat: item, items: loose, gates: [] }); loose = []; }
    });
    if (!screens.length) { screens = loose.length ? [{ beat: loose[0], items: loose, gates: [] }] : []; } else {
      screens[screens.length - 1].items = screens[screens.length - 1].items.concat(loose);
    }
  }
  // The screen that holds an element: a block is held by the first of its own.
  var screenOf = walk.screenOf = function (element) {
    for (var n = 0; n < screens.length; n += 1) {
      if (screens[n].items.some(function (item) { return item.contains(element) || element.contains(item); })) { return n; }
    }
    return -1;
  };
  function isOpen(gate) { return !gate.querySelector(".done"); }
  function firstOpen() {
    for (var n = 0; n < screens.length; n += 1) { if (screens[n].gates.some(isOpen)) { return n; } }
    return Infinity;
  }
  function named(n) { return screens[n].beat.id.slice(5); }
  var place = walk.place = function () {
    var open = firstOpen(), before = walk.predicting;
    current = Math.max(0, Math.min(current, open, screens.length - 1));
    walk.predicting = open !== Infinity;
    document.body.classList.toggle("predicting", walk.predicting);
    document.body.classList.toggle("single", single);
    document.body.classList.toggle("at-end", !walk.predicting && current === screens.length - 1);
    screens.forEach(function (screen, n) {
      var seen = !single || n === current, waiting = false;
      screen.items.forEach(function (item) { item.classList.toggle("away", !seen || n >= open); item.classList.toggle("veiled", n >= open); });
      screen.gates.forEach(function (gate) {
        // One question at a time.
        gate.classList.toggle("away", !seen || n > open || waiting);
        waiting = waiting || isOpen(gate);
      });
    });
    all(".tale > li").forEach(function (block) {
      if (!block.querySelector(".tale")) { return; }
      var inside = screens.map(function (screen, n) { return block.contains(screen.beat) ? n : -1; }).filter(function (n) { return n >= 0; });
      block.classList.toggle("away", !inside.some(function (n) { return n <= open && (!single || n === current); }));
      // What a block shows is said at its end.
      block.classList.toggle("ended", open > inside[inside.length - 1] && (!single || current === inside[inside.length - 1]));
    });
    all("#spine a").forEach(function (link, n) {
      link.parentElement.classList.toggle("locked", n >= open);
      link.parentElement.classList.toggle("past", n < current);
      if (n === current) { link.setAttribute("aria-current", "step"); } else { link.removeAttribute("aria-current"); }
    });
    if (walk.refresh && before !== walk.predicting) { walk.refresh(); }
    at("stepper").hidden = screens.length < 2;
    if (screens.length) { at("step-place").textContent = "Beat " + (current + 1) + " of " + screens.length; }
    at("step-back").disabled = current === 0;
    at("step-on").disabled = current === screens.length - 1;
    at("stepping").setAttribute("aria-pressed", String(single));
    if (settled && screens.length) { progress.step = named(current); save(); note("step", progress.step); } else { tell(); }
  };
  var note = walk.note = function (name, value) {
    var query = new URLSearchParams(location.search);
    if (value === null) { query.delete(name); } else { query.set(name, value); }
    try { history.replaceState(null, "", (query.toString() ? "?" + query : location.pathname) + location.hash); } catch (error) { /* a page that has no address */ }
  };
  // The beat of a number, with the focus where reading goes on: at its question, if one is open.
  var show = walk.show = function (n, quietly) {
    settled = true;
    current = n;
    place();
    var gate = screens[current].gates.filter(isOpen)[0];
    if (quietly) { return; }
    (gate ? gate.querySelector("input") : screens[current].beat.querySelector(".number, summary") || at("step-on")).focus({ preventScroll: true });
    (gate || screens[current].beat).scrollIntoView({ block: gate ? "nearest" : "start" });
    if (!gate) { at("proof").scrollIntoView({ block: "start" }); }
  };
  function go(by) { show(Math.max(0, Math.min(screens.length - 1, current + by))); }
  function toggle() { single = !single; place(); show(current); }
  // A step wherever it is: its beat is shown, and what it is folded into is opened.
  function reach(step) {
    var n = screenOf(step);
    if (n < 0 || n > firstOpen() || (n === firstOpen() && screens[n].items.some(function (item) { return item.contains(step); }))) { return n < 0; }
    current = n;
    settled = true;
    place();
    return true;
  }
  function depth() { return all(".depth input").filter(function (one) { return one.checked; })[0]; }
  function unfold() {
    var wanted = depth().value === "idea" ? "proof" : "idea";
    all(".depth input").forEach(function (one) { if (one.value === wanted) { one.click(); } });
    folded();
  }
  function folded() { at("unfold").textContent = depth().value === "idea" ? "Unfold" : "Fold"; }
  function restore() {
    var number = new URLSearchParams(location.search).get("step"), hash = decodeURIComponent(location.hash.slice(1));
    var wanted = (number && at("step-" + number)) || (hash.indexOf("step-") === 0 && at(hash)), kept = progress.step && at("step-" + progress.step);
    if (wanted) {
      var n = screenOf(wanted);
      // Who was sent to a step sees it, whatever is asked on the way there.
      screens.forEach(function (screen, m) { if (m <= n) { screen.gates.forEach(function (gate) { gate.querySelector(".quiz").classList.add("done"); }); } });
      document.body.classList.remove("challenging");
      if (n >= 0) { show(n); }
      return;
    }
    if (kept && screenOf(kept) > 0) {
      current = screenOf(kept);
      at("resume").hidden = false;
      at("resume").textContent = "Go on at beat " + (current + 1);
      at("resume").addEventListener("click", function () { walk.challenge(false); show(current); });
    }
    place();
  }
  // While a challenge is open nothing else is in sight.
  walk.challenge = function (on) { document.body.classList.toggle("challenging", on); };
  function keys(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, .scroll, #order-list")) { return; }
    if (event.key === "s") { event.preventDefault(); toggle(); return; }
    var by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !screens.length || document.body.classList.contains("challenging")) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    go(settled ? by : 0);
  }

  walk.start = function () {
    current = 0;
    settled = false;
    load();
    document.body.classList.add("walking");
    all(".scripted").forEach(function (one) { one.hidden = false; });
    at("progress").hidden = false;
    gather();
    walk.exercises();
    walk.challenge(Boolean(at("goal")) && !progress.skipped && !Object.keys(progress.goals).length);
    at("stepping").addEventListener("click", toggle);
    at("step-back").addEventListener("click", function () { go(-1); });
    at("step-on").addEventListener("click", function () { go(1); });
    at("unfold").addEventListener("click", unfold);
    at("export-progress").addEventListener("click", download);
    at("import-progress").addEventListener("change", function () { if (this.files[0]) { upload(this.files[0]); } });
    at("forget-progress").addEventListener("click", startOver);
    at("answer-all").addEventListener("click", function () { progress.reading = true; walk.openAll(); walk.challenge(false); show(current); save(); });
    restore();
    folded();
    walk.parts.forEach(function (part) { part(); });
  };
  document.addEventListener("keydown", keys, true);
  document.addEventListener("change", function (event) { if (event.target.name === "depth") { folded(); } });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#step-']"), step = link && at(link.getAttribute("href").slice(1));
    if (!step) { return; }
    if (link.closest("#spine")) { event.preventDefault(); show(screenOf(step)); } else if (!reach(step)) { event.preventDefault(); show(screenOf(step)); }
  }, true);
  return walk;
}());
