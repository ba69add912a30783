(function () {
  "use strict";
  var walk = proofkitWalk, at = walk.at, all = walk.all, put = walk.put, say = walk.say;

  // ── Predictions, and steps that the reader proves: before the beat that they are about ──
  function stepOf(quiz) { return at("step-" + quiz.dataset.step); }
  function mine(quiz) {
    var questions = walk.progress().questions;
    return questions[quiz.dataset.id] = questions[quiz.dataset.id] || { wrong: 0, hints: 0, right: false };
  }
  function reveal(quiz) {
    quiz.classList.add("done");
    var n = walk.screenOf(stepOf(quiz));
    walk.show(n, true);
    // What had the focus is gone: it goes on to the next question, or to the beat that was asked about.
    var next = walk.screens()[n].gates.filter(function (gate) { return !gate.querySelector(".done"); })[0];
    (next ? next.querySelector("input") : walk.screens()[n].beat.querySelector(".number, summary")).focus({ preventScroll: true });
  }
  // What is told of what was chosen: it is in the page, or a server with the kernel is asked.
  function chosen(quiz, then) {
    if (!quiz.classList.contains("trying")) {
      var input = quiz.querySelector("input:checked");
      then(input && { right: input.dataset.right, told: quiz.querySelector(input.dataset.right ? "template.right" : 'template.against[data-of="' + input.value + '"]') });
      return;
    }
    var inputs = all("input", quiz), bits = inputs.map(function (one) { return one.checked ? "1" : "0"; }).join("");
    if (inputs[0].type === "radio" && bits.indexOf("1") < 0) { then(null); return; }
    function tell(found) { then({ right: found.dataset.right, told: found }); }
    var found = quiz.querySelector('template.verdict-of[data-of="' + bits + '"]');
    if (found) { tell(found); return; }
    say(quiz.querySelector(".told"), "The kernel looks at it…");
    walk.kernel(quiz.dataset.id, bits).then(function (verdict) {
      quiz.append(verdict);
      tell(verdict);
    }).catch(function () { say(quiz.querySelector(".told"), "The server could not answer."); });
  }
  function answered(quiz, record, then) {
    var told = quiz.querySelector(".told");
    quiz.querySelector(".check").addEventListener("click", function () {
      chosen(quiz, function (found) {
        if (!found) { say(told, "Choose an answer first."); return; }
        var one = record();
        put(told, found.told);
        if (found.right) { one.right = true; then(); } else { one.wrong += 1; }
        if (walk.refresh) { walk.refresh(); }
        walk.save();
      });
    });
  }
  function ask(quiz) {
    var screen = walk.screens()[Math.max(0, walk.screenOf(stepOf(quiz)))], told = quiz.querySelector(".told"), hints = all("template.a-hint", quiz), given = 0;
    var gate = document.createElement("li"), known = walk.progress().questions[quiz.dataset.id];
    gate.className = "gate";
    gate.append(quiz);
    screen.items[0].before(gate);
    screen.gates.push(gate);
    if (known && known.right && quiz.querySelector("template.right")) { put(told, quiz.querySelector("template.right")); }
    if ((known && (known.right || known.skipped)) || walk.progress().reading) { quiz.classList.add("done"); }
    answered(quiz, function () { return mine(quiz); }, function () { reveal(quiz); });
    var hint = quiz.querySelector(".hint");
    if (hint) {
      hint.addEventListener("click", function () {
        put(told, hints[given]);
        given += 1;
        mine(quiz).hints = Math.max(mine(quiz).hints, given);
        if (given === hints.length) { hint.disabled = true; }
        walk.save();
      });
    }
    quiz.querySelector(".skip-it").addEventListener("click", function () { mine(quiz).skipped = true; reveal(quiz); });
  }
  walk.openAll = function () { all(".gate .quiz").forEach(function (quiz) { quiz.classList.add("done"); }); };
  walk.answered = answered;

  // ── Beats in order ──
  function order() {
    var list = at("order-list"), told = at("order-told"), before = walk.data().before, dragged = null;
    if (!list) { return; }
    function letters(number) { return list.querySelector('[data-step="' + number + '"] .letter').textContent; }
    function moved(item) { say(told, letters(item.dataset.step) + " is now number " + (all("li", list).indexOf(item) + 1) + " of " + all("li", list).length + "."); }
    function move(item, down) {
      var other = down ? item.nextElementSibling : item.previousElementSibling;
      if (other) { other[down ? "after" : "before"](item); }
      moved(item);
    }
    list.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) { return; }
      move(button.closest("li"), button.classList.contains("down"));
      button.focus();
    });
    list.addEventListener("keydown", function (event) {
      var button = event.target.closest("button"), down = event.key === "ArrowDown";
      if (!button || (!down && event.key !== "ArrowUp")) { return; }
      event.preventDefault();
      move(button.closest("li"), down);
      button.focus();
    });
    list.addEventListener("pointerdown", function (event) {
      if (event.target.closest("button") || event.button) { return; }
      dragged = event.target.closest("li");
      if (dragged) { dragged.classList.add("dragged"); list.setPointerCapture(event.pointerId); event.preventDefault(); }
    });
    list.addEventListener("pointermove", function (event) {
      if (!dragged) { return; }
      var other = all("li", list).filter(function (item) { var box = item.getBoundingClientRect(); return item !== dragged && event.clientY > box.top && event.clientY < box.bottom; })[0];
      if (!other) { return; }
      var box = other.getBoundingClientRect(), below = Boolean(dragged.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
      // Past the middle, so that items of different heights do not swap to and fro.
      if (below ? event.clientY > box.top + box.height / 2 : event.clientY < box.top + box.height / 2) { other[below ? "after" : "before"](dragged); }
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      list.addEventListener(name, function () { if (dragged) { dragged.classList.remove("dragged"); moved(dragged); dragged = null; } });
    });
    at("order-check").addEventListener("click", function () {
      var numbers = all("li", list).map(function (item) { return item.dataset.step; });
      var wrong = before.filter(function (pair) { return numbers.indexOf(pair[0]) > numbers.indexOf(pair[1]); });
      all("li", list).forEach(function (item) { item.classList.toggle("wrong", wrong.some(function (pair) { return pair[1] === item.dataset.step; })); });
      if (wrong.length) {
        say(told, "✗ Not yet: " + letters(wrong[0][1]) + " rests on " + letters(wrong[0][0]) + ", which stands below it." + (wrong.length > 1 ? " (" + wrong.length + " such pairs.)" : ""));
      } else {
        walk.progress().order = true;
        say(told, "✓ Right: each beat stands below all that it rests on.");
        walk.save();
      }
    });
  }

  // ── A broken step ──
  function breaking() {
    var form = at("break"), select = at("break-step"), told = at("break-told"), says = at("break-says"), list = at("break-list"), falls = walk.data().falls, turn = 0;
    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    function line(words, href) {
      var item = document.createElement("li");
      if (href) { var link = document.createElement("a"); link.href = href; link.textContent = words; item.append(link); } else { item.textContent = words; }
      list.append(item);
    }
    function label(number) { return at("step-" + number).querySelector(".number").textContent.trim(); }
    function shown() {
      var number = select.value, fallen = number ? falls.steps[number] : [], total = Object.keys(falls.steps).length - falls.given.length;
      turn += 1;
      list.replaceChildren();
      all(".step.struck, .step.fallen").forEach(function (step) { step.classList.remove("struck", "fallen"); });
      all("#spine li").forEach(function (item) { item.classList.remove("fallen"); });
      if (!number) { says.textContent = ""; return; }
      at("step-" + number).classList.add("struck");
      fallen.concat(number).forEach(function (one) {
        var step = at("step-" + one);
        if (one !== number) { step.classList.add("fallen"); }
        all("#spine a").forEach(function (link) { if (link.getAttribute("href") === "#step-" + one) { link.parentElement.classList.add("fallen"); } });
      });
      says.textContent = "Without step " + label(number) + ", " + fallen.length + " of the other " + (total - 1) + " steps fall (marked in the proof): " + (fallen.map(label).join(", ") || "none") + ".";
      line("Step " + label(number) + " in the proof", "#step-" + number);
      var mine = turn;
      resting(function (results) { if (mine === turn) { fall(results); } });
    }
    // A page with a server behind it asks which results fall when that is wanted first.
    function resting(then) {
      if (falls.results) { then(falls.results); return; }
      fetch(falls.address).then(function (answer) { return answer.json(); }).then(function (found) {
        falls.results = found;
        then(found);
      }).catch(function () { says.textContent += " The server could not tell which results fall."; });
    }
    function fall(results) {
      results.forEach(function (one, n) {
        var words = one.title + (n ? " loses a proof that rests on it" : " loses this proof");
        line(words + (one.left.length ? "; it has another: the route " + one.left.join(", ") + "." : " and has no other: it falls."));
      });
      if (results[0].left.length) { line("So no other result falls."); }
    }
    select.addEventListener("change", function () { form.after(told); shown(); });
    all("option", select).forEach(function (option) {
      var step = option.value && at("step-" + option.value);
      if (!step) { return; }
      var button = document.createElement("button"), line = step.querySelector(":scope > .inside > .why, :scope > .more > .inside > .why");
      if (!line) {
        line = document.createElement("p");
        line.className = "why";
        (step.querySelector(":scope > .lead") || step.firstElementChild).after(line);
      }
      button.type = "button";
      button.className = "break-here";
      button.textContent = "break here";
      button.setAttribute("aria-label", "break here: step " + option.value);
      button.addEventListener("click", function () {
        select.value = select.value === option.value ? "" : option.value;
        line.after(told);
        shown();
      });
      line.append(" ", button);
    });
    shown();
  }

  walk.exercises = function () {
    all("#questions .quiz").forEach(ask);
    order();
    breaking();
  };
}());
