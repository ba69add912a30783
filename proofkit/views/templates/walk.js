var proofkitWalk = (function () {
  "use strict";
  var parts = [];
  var all = function (query, within) { return Array.prototype.slice.call((within || document).querySelectorAll(query)); };
  var at = function (id) { return document.getElementById(id); };
  function data() { return JSON.parse(at("walk-data").textContent); }
  function put(place, template) {
    place.replaceChildren(template.content.cloneNode(true));
  }
  function say(place, words) {
    var line = document.createElement("p");
    line.textContent = words;
    place.replaceChildren(line);
  }

  // ── Progress: kept in this browser only ──
  var key = "", progress = {};
  function load() {
    key = "proofkit-walk/" + data().key;
    try { progress = JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { progress = {}; }
    progress.questions = progress.questions || {};
  }
  function save() {
    try { localStorage.setItem(key, JSON.stringify(progress)); } catch (error) { /* a browser that keeps nothing */ }
    tell();
  }
  function tell() {
    var asked = all(".quiz"), right = 0, helped = 0;
    asked.forEach(function (quiz) {
      var one = progress.questions[quiz.dataset.id];
      if (one && one.right) { right += 1; helped += one.hints || one.wrong ? 1 : 0; }
    });
    var words = asked.length ? right + " of " + asked.length + " predictions right" : "";
    if (helped) { words += ", " + helped + " of them with help"; }
    if (at("order-list")) { words += (words ? "; " : "") + "order " + (progress.order ? "found" : "not found yet"); }
    at("progress-words").textContent = words;
  }
  function download() {
    var text = JSON.stringify({ proofkit: "walkthrough progress", of: data().key, title: data().title, progress: progress }, null, 1);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/json" }));
    link.download = "progress-" + data().key.replace(/[^\w-]+/g, "-") + ".json";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  // ── Predictions ──
  function stepOf(quiz) { return at("step-" + quiz.dataset.step); }
  function show(quiz) {
    stepOf(quiz).classList.remove("veiled");
    quiz.classList.add("done");
    place();
  }
  function reveal(quiz) {
    // What had the focus is gone: it goes on to the step that was asked about.
    show(quiz);
    stepOf(quiz).querySelector("summary").focus({ preventScroll: true });
  }
  function ask(quiz) {
    var step = stepOf(quiz), told = quiz.querySelector(".told"), hints = all("template.a-hint", quiz), given = 0;
    var gate = document.createElement("li"), mine = function () {
      var one = progress.questions[quiz.dataset.id] = progress.questions[quiz.dataset.id] || { wrong: 0, hints: 0, right: false };
      return one;
    };
    gate.className = "gate";
    gate.append(quiz);
    step.before(gate);
    if (progress.questions[quiz.dataset.id] && progress.questions[quiz.dataset.id].right) {
      put(told, quiz.querySelector("template.right"));
      show(quiz);
    } else { step.classList.add("veiled"); }
    quiz.querySelector(".check").addEventListener("click", function () {
      var chosen = quiz.querySelector("input:checked"), one = mine();
      if (!chosen) { say(told, "Choose an answer first."); return; }
      if (chosen.dataset.right) {
        one.right = true;
        put(told, quiz.querySelector("template.right"));
        reveal(quiz);
      } else {
        one.wrong += 1;
        put(told, quiz.querySelector('template.against[data-of="' + chosen.value + '"]'));
      }
      save();
    });
    var hint = quiz.querySelector(".hint");
    if (hint) {
      hint.addEventListener("click", function () {
        put(told, hints[given]);
        given += 1;
        mine().hints = Math.max(mine().hints, given);
        if (given === hints.length) { hint.disabled = true; }
        save();
      });
    }
    quiz.querySelector(".skip-it").addEventListener("click", function () { reveal(quiz); });
  }

  // ── Step by step ──
  var current = -1;
  function steps() {
    return all(".proof .step").filter(function (step) { return !step.closest(".veiled"); });
  }
  function gates() { return all(".gate").filter(function (gate) { return !gate.querySelector(".done"); }); }
  function place() {
    var on = current >= 0, list = all(".proof .step, .gate");
    all(".later").forEach(function (one) { one.classList.remove("later"); });
    at("stepper").hidden = !on;
    at("stepping").setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("stepping", on);
    if (!on) { return; }
    var visible = steps(), here = visible[Math.min(current, visible.length - 1)], after = false;
    list.forEach(function (one) {
      if (after) { one.classList.add("later"); }
      if (one === here) { after = true; }
    });
    // A prediction right behind the step is what comes next.
    var next = list[list.indexOf(here) + 1];
    if (next && next.classList.contains("gate")) { next.classList.remove("later"); }
    at("step-place").textContent = "step " + here.id.slice(5) + ", " + (visible.indexOf(here) + 1) + " of " + all(".proof .step").length;
    at("step-back").disabled = visible.indexOf(here) === 0;
    at("step-on").disabled = visible.indexOf(here) === visible.length - 1;
    if (location.protocol !== "file:" || window.history.replaceState) { note("step", here.id.slice(5)); }
  }
  function note(name, value) {
    var query = new URLSearchParams(location.search);
    if (value === null) { query.delete(name); } else { query.set(name, value); }
    try { history.replaceState(null, "", (query.toString() ? "?" + query : location.pathname) + location.hash); } catch (error) { /* a page that has no address */ }
  }
  function go(by) {
    var visible = steps(), open = gates();
    var wanted = Math.max(0, Math.min(visible.length - 1, current + by));
    // No step beyond a prediction that is open.
    if (by > 0 && open.length && (open[0].compareDocumentPosition(visible[wanted]) & Node.DOCUMENT_POSITION_FOLLOWING)) {
      open[0].classList.remove("later");
      open[0].querySelector("input").focus();
      open[0].scrollIntoView({ block: "nearest" });
      return;
    }
    current = wanted;
    place();
    var summary = steps()[current].querySelector("summary");
    for (var up = steps()[current].parentElement; up; up = up.parentElement) { if (up.tagName === "DETAILS") { up.open = true; } }
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "nearest" });
  }
  function everything() { current = -1; place(); note("step", null); }
  function toggle() { if (current < 0) { current = 0; place(); go(0); } else { everything(); } }
  function restore() {
    var number = new URLSearchParams(location.search).get("step"), found;
    var wanted = number && at("step-" + number);
    if (!wanted) { return; }
    // Who was sent to a step sees it, whatever is asked on the way there.
    gates().forEach(function (gate) {
      if (gate.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING) { show(gate.querySelector(".quiz")); }
    });
    found = steps().indexOf(wanted);
    if (found >= 0) { current = found; place(); go(0); }
  }
  function keys(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, .scroll")) { return; }
    if (event.key === "s") { event.preventDefault(); toggle(); return; }
    var by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (current >= 0) { go(by); return; }
    var list = steps(), here = list.indexOf(document.activeElement.closest(".step")), target = list[here < 0 ? (by > 0 ? 0 : list.length - 1) : here + by];
    if (!target) { return; }
    for (var up = target.parentElement; up; up = up.parentElement) { if (up.tagName === "DETAILS") { up.open = true; } }
    target.querySelector("summary").focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  }

  // ── Steps in order ──
  function order() {
    var list = at("order-list"), told = at("order-told"), before = data().before;
    if (!list) { return; }
    function letters(number) { return list.querySelector('[data-step="' + number + '"] .letter').textContent; }
    list.addEventListener("click", function (event) {
      var button = event.target.closest("button"), item;
      if (!button) { return; }
      item = button.closest("li");
      if (button.classList.contains("up") && item.previousElementSibling) { item.previousElementSibling.before(item); }
      if (button.classList.contains("down") && item.nextElementSibling) { item.nextElementSibling.after(item); }
      button.focus();
      say(told, letters(item.dataset.step) + " is now number " + (all("li", list).indexOf(item) + 1) + " of " + all("li", list).length + ".");
    });
    at("order-check").addEventListener("click", function () {
      var numbers = all("li", list).map(function (item) { return item.dataset.step; });
      var wrong = before.filter(function (pair) { return numbers.indexOf(pair[0]) > numbers.indexOf(pair[1]); });
      all("li", list).forEach(function (item) { item.classList.toggle("wrong", wrong.some(function (pair) { return pair[1] === item.dataset.step; })); });
      if (wrong.length) {
        say(told, "✗ Not yet: " + letters(wrong[0][1]) + " rests on " + letters(wrong[0][0]) + ", which stands below it." + (wrong.length > 1 ? " (" + wrong.length + " such pairs.)" : ""));
      } else {
        progress.order = true;
        say(told, "✓ Right: each step stands below all that it rests on.");
        save();
      }
    });
  }

  // ── A broken step ──
  function breaking() {
    var form = at("break"), select = at("break-step"), says = at("break-says"), list = at("break-list"), falls = data().falls;
    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    function line(words, href) {
      var item = document.createElement("li");
      if (href) { var link = document.createElement("a"); link.href = href; link.textContent = words; item.append(link); } else { item.textContent = words; }
      list.append(item);
    }
    function shown() {
      var number = select.value, fallen = number ? falls.steps[number] : [], total = Object.keys(falls.steps).length - falls.given.length;
      list.replaceChildren();
      all(".step.struck, .step.fallen").forEach(function (step) { step.classList.remove("struck", "fallen"); });
      if (!number) { says.textContent = ""; return; }
      at("step-" + number).classList.add("struck");
      fallen.forEach(function (one) { at("step-" + one).classList.add("fallen"); });
      says.textContent = "Without step " + number + ", " + fallen.length + " of the other " + (total - 1) + " steps fall (marked in the proof): " + (fallen.join(", ") || "none") + ".";
      line("Step " + number + " in the proof", "#step-" + number);
      falls.results.forEach(function (one, n) {
        var words = one.title + (n ? " loses a proof that rests on it" : " loses this proof");
        line(words + (one.left.length ? "; it has another: the route " + one.left.join(", ") + "." : " and has no other: it falls."));
      });
      if (falls.results[0].left.length) { line("So no other result falls."); }
    }
    select.addEventListener("change", shown);
    shown();
  }

  function start() {
    current = -1;
    load();
    all(".quiz").forEach(ask);
    at("progress").hidden = false;
    at("stepping").addEventListener("click", toggle);
    at("step-back").addEventListener("click", function () { go(-1); });
    at("step-on").addEventListener("click", function () { go(1); });
    at("step-all").addEventListener("click", everything);
    at("export-progress").addEventListener("click", download);
    at("forget-progress").addEventListener("click", function () {
      try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
      location.reload();
    });
    order();
    breaking();
    tell();
    restore();
    parts.forEach(function (part) { part(); });
  }
  document.addEventListener("keydown", keys, true);
  return { parts: parts, start: start, data: data, at: at, all: all, note: note };
}());
