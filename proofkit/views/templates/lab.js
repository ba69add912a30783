(function () {
  "use strict";
  var walk = proofkitWalk, at = walk.at, all = walk.all, U = Math.pow(2, -53);

  // ── Matrices of floats, each entry with a bound of its rounding error ──
  function matrix(rows, cols) { return { r: rows, c: cols, v: new Float64Array(rows * cols), e: new Float64Array(rows * cols) }; }
  function constant(rows, errors) {
    var m = matrix(rows.length, rows[0].length);
    m.v.set([].concat.apply([], rows));
    if (errors) { m.e.set([].concat.apply([], errors)); }
    return m;
  }
  function rounded(rows) {
    var m = constant(rows);
    // Numbers with few binary digits were embedded exactly; others are the floats next to them.
    m.v.forEach(function (x, n) { m.e[n] = Number.isInteger(x * 1048576) ? 0 : U * Math.abs(x); });
    return m;
  }
  function each(a, b, f) {
    var m = matrix(a.r, a.c);
    for (var n = 0; n < m.v.length; n += 1) { var x = f(a.v[n], a.e[n], b && b.v[n], b && b.e[n]); m.v[n] = x[0]; m.e[n] = x[1]; }
    return m;
  }
  function add(a, b, s) {
    return each(a, b, function (x, ex, y, ey) { var z = x + s * y; return [z, ex + ey + U * Math.abs(z)]; });
  }
  function scaled(s, a) { return each(a, null, function (x, ex) { return [s * x, Math.abs(s) * ex + U * Math.abs(s * x)]; }); }
  function times(a, b) {
    var m = matrix(a.r, b.c), gamma = (a.c + 2) * U;
    for (var r = 0; r < a.r; r += 1) {
      for (var c = 0; c < b.c; c += 1) {
        var sum = 0, error = 0;
        for (var n = 0; n < a.c; n += 1) {
          var x = a.v[r * a.c + n], y = b.v[n * b.c + c], ex = a.e[r * a.c + n], ey = b.e[n * b.c + c];
          // Zeros and ones multiply without rounding; what is left is bounded as usual.
          sum += x * y;
          error += Math.abs(x) * ey + ex * Math.abs(y) + ex * ey + gamma * Math.abs(x * y);
        }
        m.v[r * m.c + c] = sum;
        m.e[r * m.c + c] = error;
      }
    }
    return m;
  }
  function turned(a) {
    var m = matrix(a.c, a.r);
    for (var r = 0; r < a.r; r += 1) { for (var c = 0; c < a.c; c += 1) { m.v[c * a.r + r] = a.v[r * a.c + c]; m.e[c * a.r + r] = a.e[r * a.c + c]; } }
    return m;
  }
  function entries(a, f) { return each(a, null, function (x, ex) { return [f(x), ex + 4 * U * Math.abs(f(x))]; }); }
  function sum(a) { return a.v.reduce(function (total, x) { return total + x; }, 0); }

  // ── Losses: value and gradient at a product ──
  function sigma(t) { return t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t)); }
  function softplus(t) { return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t))); }
  function softmax(z) {
    var p = matrix(z.r, z.c), total = 0;
    for (var c = 0; c < z.c; c += 1) {
      var top = -Infinity, mass = 0, r;
      for (r = 0; r < z.r; r += 1) { top = Math.max(top, z.v[r * z.c + c]); }
      for (r = 0; r < z.r; r += 1) { mass += p.v[r * z.c + c] = Math.exp(z.v[r * z.c + c] - top); }
      for (r = 0; r < z.r; r += 1) { p.v[r * z.c + c] /= mass; p.e[r * z.c + c] = z.e[r * z.c + c] + 16 * U; }
      total += top + Math.log(mass);
    }
    return { p: p, log: total };
  }
  var FUNCTIONS = {
    neg: [function (x) { return -x; }, function () { return -1; }],
    exp: [Math.exp, Math.exp],
    log: [Math.log, function (x) { return 1 / x; }],
    log1p: [Math.log1p, function (x) { return 1 / (1 + x); }],
    sqrt: [Math.sqrt, function (x) { return 0.5 / Math.sqrt(x); }],
    abs: [Math.abs, Math.sign],
    logistic: [sigma, function (x) { return sigma(x) * sigma(-x); }],
    tanh: [Math.tanh, function (x) { var t = Math.tanh(x); return 1 - t * t; }],
    sin: [Math.sin, Math.cos],
    cos: [Math.cos, function (x) { return -Math.sin(x); }],
  };
  function combine(a, s, b, t) { return a.map(function (x, n) { return s * x + t * b[n]; }); }
  function expression(nodes, w) {
    // A stack of values with their gradients, as the nodes come.
    var stack = [], zero = new Array(w.v.length).fill(0);
    nodes.forEach(function (node) {
      var op = node[0], x, y, g;
      if (op === "c") { stack.push([node[1], zero]); return; }
      if (op === "w") { g = zero.slice(); g[node[1] * w.c + node[2]] = 1; stack.push([w.v[node[1] * w.c + node[2]], g]); return; }
      if (FUNCTIONS[op]) { x = stack.pop(); stack.push([FUNCTIONS[op][0](x[0]), combine(x[1], FUNCTIONS[op][1](x[0]), zero, 0)]); return; }
      y = stack.pop(); x = stack.pop();
      if (op === "+") { stack.push([x[0] + y[0], combine(x[1], 1, y[1], 1)]); }
      if (op === "-") { stack.push([x[0] - y[0], combine(x[1], 1, y[1], -1)]); }
      if (op === "*") { stack.push([x[0] * y[0], combine(x[1], y[0], y[1], x[0])]); }
      if (op === "/") { stack.push([x[0] / y[0], combine(x[1], 1 / y[0], y[1], -x[0] / (y[0] * y[0]))]); }
      if (op === "**") { stack.push([Math.pow(x[0], y[0]), combine(x[1], y[0] ? y[0] * Math.pow(x[0], y[0] - 1) : 0, zero, 0)]); }
    });
    return stack.pop();
  }
  function lossOf(data) {
    var X = data.X && rounded(data.X), Y = data.Y && rounded(data.Y), target = data.target && rounded(data.target);
    var weights = data.weights && rounded(data.weights), p = data.positive && rounded(data.positive), q = data.negative && rounded(data.negative);
    function clip(x) { return Math.max(-data.delta, Math.min(data.delta, x)); }
    return {
      squared: function () {
        return {
          value: function (w) { var d = add(times(w, X), Y, -1); return sum(each(d, null, function (x) { return [x * x, 0]; })); },
          gradient: function (w) { return scaled(2, times(add(times(w, X), Y, -1), turned(X))); },
        };
      },
      "weighted-squared": function () {
        return {
          value: function (w) { return sum(each(add(w, target, -1), weights, function (d, e, a) { return [a * d * d, 0]; })); },
          gradient: function (w) { return each(add(w, target, -1), weights, function (d, e, a, ea) { return [2 * a * d, 2 * (Math.abs(a) * e + ea * Math.abs(d)) + 2 * U * Math.abs(a * d)]; }); },
        };
      },
      huber: function () {
        return {
          value: function (w) { return sum(each(add(times(w, X), Y, -1), null, function (x) { return [clip(x) * (x - clip(x) / 2), 0]; })); },
          gradient: function (w) { return times(entries(add(times(w, X), Y, -1), clip), turned(X)); },
        };
      },
      logistic: function () {
        return {
          value: function (w) { return sum(each(w, p, function (x, e, a) { return [a * softplus(-x), 0]; })) + sum(each(w, q, function (x, e, b) { return [b * softplus(x), 0]; })); },
          gradient: function (w) { return add(each(w, q, function (x, e, b) { return [b * sigma(x), b * (e + 8 * U)]; }), each(w, p, function (x, e, a) { return [a * sigma(-x), a * (e + 8 * U)]; }), -1); },
        };
      },
      softmax: function () {
        function labelled(z, f) { data.labels.forEach(function (label, c) { f(label * z.c + c); }); }
        return {
          value: function (w) { var z = times(w, X), total = softmax(z).log; labelled(z, function (n) { total -= z.v[n]; }); return total; },
          gradient: function (w) { var one = softmax(times(w, X)).p; labelled(one, function (n) { one.v[n] -= 1; }); return times(one, turned(X)); },
        };
      },
      expression: function () {
        return {
          value: function (w) { return expression(data.nodes, w)[0]; },
          gradient: function (w) {
            var m = matrix(w.r, w.c), high = matrix(w.r, w.c);
            m.v.set(expression(data.nodes, w)[1]);
            high.v.set(w.v.map(function (x, n) { return x + w.e[n]; }));
            // How far the slopes move within the error of the product, and some rounding.
            expression(data.nodes, high)[1].forEach(function (x, n) { m.e[n] = 2 * Math.abs(x - m.v[n]) + 256 * U * (1 + Math.abs(x)); });
            return m;
          },
        };
      },
    }[data.kind]();
  }

  // ── The program ──
  function run(lab, loss, knobs, size) {
    var done = [];
    lab.nodes.forEach(function (node) {
      var a = done[node[1]], b = done[node[2]];
      done.push({
        "const": function () { return node.constant || (node.constant = constant(node[1], node[2])); },
        knob: function () { return constant(knobs[node[1]].map(function (x) { return [x]; })); },
        size: function () { return scaled(size, a); },
        times: function () { return scaled(node[1], b); },
        mul: function () { return times(a, b); },
        add: function () { return add(a, b, 1); },
        T: function () { return turned(a); },
        gradient: function () { return loss.gradient(a); },
      }[node[0]]());
    });
    return done;
  }

  // ── What is shown ──
  var MATHML = "http://www.w3.org/1998/Math/MathML";
  function words(x) {
    if (x === 0) { return "0"; }
    var size = Math.abs(x), text = size >= 1e6 || size < 1e-4 ? x.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e") : String(Number(x.toPrecision(5)));
    return text.replace(/-/g, "−");
  }
  function write(cell, x) {
    var text = words(x), row = document.createElementNS(MATHML, "mrow"), number = document.createElementNS(MATHML, "mn");
    if (text[0] === "−") {
      var minus = document.createElementNS(MATHML, "mo");
      minus.setAttribute("form", "prefix");
      minus.textContent = "−";
      row.append(minus);
      text = text.slice(1);
    }
    number.textContent = text;
    row.append(number);
    cell.replaceChildren(row);
    cell.setAttribute("data-value", String(x));
  }
  // What is copied of a formula is what it shows.
  function source(within, m) {
    var notes = all("annotation", within), note = notes[notes.length - 1], rows = [];
    if (!note) { return; }
    for (var r = 0; r < m.r; r += 1) { rows.push(Array.prototype.slice.call(m.v, r * m.c, (r + 1) * m.c).map(function (x, c) { return words(Math.abs(x) <= m.e[r * m.c + c] ? 0 : x).replace(/−/g, "-"); }).join(" & ")); }
    note.textContent = note.textContent.replace(/\\begin\{bmatrix\}((?!\\begin\{bmatrix\})[^])*$/, "\\begin{bmatrix}" + rows.join(" \\\\ ") + "\\end{bmatrix}");
  }
  function largest(m) { return m.v.reduce(function (top, x, n) { return Math.abs(x) > m.e[n] ? Math.max(top, Math.abs(x)) : top; }, 0); }
  function panel(number, about, value, before) {
    var place = at("panel-" + number), moved = 0;
    all("mtd", place).forEach(function (cell, n) {
      var off = before ? Math.abs(value.v[n] - before.v[n]) : 0, differs = before && off > value.e[n] + before.e[n];
      // A number within its own rounding error of 0 is shown as 0.
      write(cell, Math.abs(value.v[n]) <= value.e[n] ? 0 : value.v[n]);
      cell.classList.toggle("changed", Boolean(differs));
      if (differs) { moved = Math.max(moved, off); }
    });
    source(place.querySelector(".scroll"), value);
    var says = place.querySelector(".panel-says"), top = largest(value);
    place.dataset.moved = moved ? "yes" : "no";
    place.dataset.zero = top ? "no" : "yes";
    says.textContent = about.role === "still" || about.role === "changed" ? (moved ? "changed" : "unchanged") : (top ? (moved ? "moved" : "not zero") : "zero");
    return { moved: moved, top: top };
  }
  function check(lab, loss) {
    // The library's own first values against this arithmetic.
    var done = run(lab, loss, lab.knobs.map(function (knob) { return knob.values; }), lab.size), worst = 0, allowed = true;
    lab.panels.forEach(function (about) {
      var value = done[about.node], first = constant(about.first);
      value.v.forEach(function (x, n) {
        worst = Math.max(worst, Math.abs(x - first.v[n]));
        allowed = allowed && Math.abs(x - first.v[n]) <= 4 * (value.e[n] + U * Math.abs(first.v[n]));
      });
    });
    return { worst: worst, good: allowed };
  }
  // The quantities of steps, answers and pins that follow the sliders.
  function live(lab, done) {
    lab.live.forEach(function (entry) {
      var place = document.querySelector(entry[0]), band = place && (place.matches("#pins") ? place : place.querySelector(":scope > .band, :scope > .inside > .band, :scope > .more > .inside > .band"));
      var item = band && all(".quantities > li", band)[entry[1]], value = done[entry[2]];
      if (!item) { return; }
      var cells = all("mtd", item).slice(-value.v.length);
      if (cells.length === value.v.length) { cells.forEach(function (cell, n) { write(cell, Math.abs(value.v[n]) <= value.e[n] ? 0 : value.v[n]); }); source(item, value); }
    });
  }
  function start() {
    var lab = walk.data().lab, sliders = at("sliders"), timer;
    walk.refresh = null;
    if (!lab) { return; }
    var loss = lossOf(lab.loss), checked = check(lab, loss);
    function inputs(n) { return lab.knobs[n].single ? [at("knob-" + n + "-0")] : lab.knobs[n].values.map(function (x, m) { return at("knob-" + n + "-" + m); }); }
    function sliding() { return sliders ? all("input", sliders).filter(function (one) { return one.id !== "size"; }) : []; }
    function knobs() {
      return lab.knobs.map(function (knob, n) {
        var values = inputs(n).map(function (one) { return Number(one.value); });
        return knob.single ? knob.values.map(function (x) { return x * values[0]; }) : values;
      });
    }
    function computed(size, values) {
      var done = run(lab, loss, values, size), of = function (n) { return done[n]; };
      return { done: done, layers: lab.layers.map(of), slopes: lab.slopes.map(of) };
    }
    function now() { return computed(sliders ? Number(at("size").value) : 0, knobs()); }
    var tools = { matrix: matrix, add: add, times: times, each: each, sum: sum, largest: largest, words: words, loss: loss };
    var curve = walk.curve(tools, lab, computed), rows = walk.rows(lab, sliding, now, function () { update(); }, function () { share(); });
    function update() {
      var found = now(), done = found.done, said = [], named = !walk.predicting && !document.body.classList.contains("challenging");
      if (sliders) { all("input", sliders).forEach(function (one) { one.nextElementSibling.textContent = words(Number(one.value)); }); }
      lab.panels.forEach(function (about, n) {
        var seen = panel(n, about, done[about.node], about.before === null ? null : done[about.before]);
        if (about.role === "still") { said.push((about.words || "The product") + (seen.moved ? " has changed by up to " + words(seen.moved) + "." : " is unchanged.")); }
        if (about.role === "test" && named) { said.push((about.words || "The test") + (seen.top ? " is not zero: its largest entry is " + words(seen.top) + "." : " is zero.")); }
      });
      live(lab, done);
      rows(done);
      var low = curve.draw(found.layers, found.slopes);
      said.push(curve.says());
      goal(low, knobs());
      if (!checked.good) { said.unshift("This page’s arithmetic differs from proofkit’s by " + words(checked.worst) + ": do not trust it."); }
      at("reading").dataset.checked = checked.good ? "yes" : "no";
      // Not at every movement: a screen reader would never stop.
      clearTimeout(timer);
      timer = setTimeout(function () { at("reading").textContent = said.join(" "); }, 120);
    }
    // ── The goal ──
    function reached(words) {
      var goals = walk.progress().goals, name = lab.goal.example || "your network";
      at("goal").classList.add("reached");
      at("goal-mark").textContent = "✓";
      if (at("goal-told").textContent !== words) { at("goal-told").textContent = words; }
      at("to-proof").textContent = "On to the proof";
      if (!goals[name]) { goals[name] = true; walk.save(); }
    }
    function goal(low, values) {
      var moved = values.filter(function (v) { return v.some(function (x) { return x !== 0; }); }).length, wanted = lab.goal.below, start = curve.start;
      if (!lab.knobs.length || (lab.goal.example && wanted === null)) { return; }
      if (low >= (wanted === null ? start * (1 - 1e-9) : wanted)) { return; }
      if (lab.goal.layers !== null && moved > lab.goal.layers) { at("goal-told").textContent = "The loss runs down to " + words(low) + ", but " + moved + " layers are moved."; return; }
      reached("Reached: the product is what it was, and from here the loss runs down from " + words(start) + " to " + words(low) + ".");
    }
    function challenge() {
      var why = at("why-not"), name = lab.goal.example || "your network", pass = function () { walk.challenge(false); walk.progress().skipped = true; walk.save(); update(); };
      at("to-proof").addEventListener("click", function () {
        if (at("goal").classList.contains("reached") || !sliders) { pass(); } else { drawn(); pass(); }
        (at("statement") || at("proof")).scrollIntoView({ block: "start" });
        if (walk.screens().length) { walk.show(0, true); }
      });
      if (walk.progress().goals[name]) { at("goal").classList.add("reached"); at("goal-mark").textContent = "✓"; at("to-proof").textContent = "On to the proof"; }
      if (!why) { return; }
      at("cannot").addEventListener("click", function () { why.hidden = false; why.querySelector("input").focus(); });
      if (!sliders) { why.hidden = false; at("cannot").hidden = true; }
      walk.answered(why, function () { return { wrong: 0 }; }, function () { reached("So it cannot be done here, and you know why."); });
    }
    function restore() {
      var query = new URLSearchParams(location.search), v = query.get("v"), size = query.get("size");
      if (!sliders) { return; }
      if (v !== null) {
        var values = v.split(",").map(Number);
        sliding().forEach(function (one, n) { if (isFinite(values[n])) { one.value = values[n]; } });
      } else if (document.body.classList.contains("challenging")) { sliding().forEach(function (one) { one.value = 0; }); }
      if (size !== null && isFinite(Number(size))) { at("size").value = size; }
    }
    function share() {
      curve.keep();
      walk.note("v", sliding().map(function (one) { return one.value; }).join(","));
      walk.note("size", at("size").value);
    }
    function drawn() {
      lab.knobs.forEach(function (knob, n) { inputs(n).forEach(function (one, m) { one.value = knob.single ? 1 : knob.values[m]; }); });
      at("size").value = lab.size;
    }
    if (sliders) {
      sliders.addEventListener("submit", function (event) { event.preventDefault(); });
      sliders.addEventListener("input", update);
      sliders.addEventListener("change", share);
      at("still").addEventListener("click", function () { sliding().forEach(function (one) { one.value = 0; }); update(); share(); });
      at("drawn").addEventListener("click", function () { drawn(); update(); share(); });
    }
    restore();
    challenge();
    update();
    curve.keep();
    walk.refresh = update;
  }
  walk.parts.push(start);
}());
