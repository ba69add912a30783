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
    var says = place.querySelector(".panel-says"), top = largest(value);
    place.dataset.moved = moved ? "yes" : "no";
    place.dataset.zero = top ? "no" : "yes";
    says.textContent = about.role === "still" || about.role === "changed" ? (moved ? "changed" : "unchanged") : (top ? (moved ? "moved" : "not zero") : "zero");
    return { moved: moved, top: top };
  }
  function path(points, close) {
    return "M" + points.map(function (p) { return p[0].toFixed(1) + " " + p[1].toFixed(1); }).join("L") + (close ? "Z" : "");
  }
  function descend(layers, slopes, loss) {
    function chain(t) {
      var product = null;
      layers.forEach(function (layer, n) {
        var moved = add(layer, slopes[n], -t);
        product = product ? times(moved, product) : moved;
      });
      return loss.value(product);
    }
    var square = slopes.reduce(function (total, g) { return total + sum(each(g, null, function (x) { return [x * x, 0]; })); }, 0);
    var start = chain(0), end = Math.max(1e-6, 0.05 * (Math.abs(start) || 1) / square), best = start, last;
    // As far as the loss falls, and a little further.
    while (!(chain(end) < start) && end > 1e-14) { end /= 4; }
    do { last = chain(end); end *= 1.3; best = Math.min(best, last); } while (chain(end) < last && end < 1e9);
    var points = [], low = start;
    for (var n = 0; n <= 60; n += 1) { var t = end * n / 60, value = chain(t); if (!isFinite(value)) { break; } points.push([t, value]); low = Math.min(low, value); }
    return { points: points, start: start, low: low, slope: square };
  }
  function fall(layers, slopes, loss) {
    var figure = at("fall"), open = slopes.some(function (g) { return largest(g) > 0; });
    figure.hidden = false;
    all("#fall-line, #fall-below, #fall-level").forEach(function (one) { one.removeAttribute("d"); });
    all("svg text", figure).forEach(function (one) { one.textContent = ""; });
    figure.querySelector("svg").toggleAttribute("hidden", !open);
    if (!open) { at("fall-words").textContent = "The gradient is zero in every layer: to first order no way down opens here."; return "The gradient is zero in every layer."; }
    var found = descend(layers, slopes, loss), high = found.points.reduce(function (top, p) { return Math.max(top, p[1]); }, found.start), room = (high - found.low) || 1;
    var far = found.points[found.points.length - 1][0], x = function (t) { return 52 + 313 * t / far; }, y = function (v) { return 14 + 116 * (high - v) / room; };
    var line = found.points.map(function (p) { return [x(p[0]), y(p[1])]; }), level = y(found.start);
    at("fall-line").setAttribute("d", path(line));
    at("fall-below").setAttribute("d", path([[52, level]].concat(line, [[x(far), level]]), true));
    at("fall-level").setAttribute("d", path([[52, level], [x(far), level]]));
    at("fall-top").textContent = words(found.start);
    at("fall-top").setAttribute("y", level + 4);
    at("fall-low").textContent = words(found.low);
    at("fall-low").setAttribute("y", Math.max(y(found.low) + 4, level + 16));
    at("fall-end").textContent = "step against the gradient, to " + words(far);
    var told = "The loss falls from " + words(found.start) + " to " + words(found.low) + " along the gradient; at first by " + words(found.slope) + " per unit step.";
    at("fall-words").textContent = told;
    figure.dataset.start = String(found.start);
    figure.dataset.low = String(found.low);
    return "The loss falls from " + words(found.start) + " to " + words(found.low) + ".";
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
  function start() {
    var lab = walk.data().lab, sliders = at("sliders"), timer;
    if (!lab) { return; }
    var loss = lossOf(lab.loss), checked = check(lab, loss);
    function inputs(n) { return lab.knobs[n].single ? [at("knob-" + n + "-0")] : lab.knobs[n].values.map(function (x, m) { return at("knob-" + n + "-" + m); }); }
    function knobs() {
      return lab.knobs.map(function (knob, n) {
        var values = inputs(n).map(function (one) { return Number(one.value); });
        return knob.single ? knob.values.map(function (x) { return x * values[0]; }) : values;
      });
    }
    function update() {
      var size = sliders ? Number(at("size").value) : 0, done = run(lab, loss, knobs(), size), said = [];
      if (sliders) { all("input", sliders).forEach(function (one) { one.nextElementSibling.textContent = words(Number(one.value)); }); }
      lab.panels.forEach(function (about, n) {
        var seen = panel(n, about, done[about.node], about.before === null ? null : done[about.before]);
        if (about.role === "still") { said.push((about.words || "The product") + (seen.moved ? " has changed by up to " + words(seen.moved) + "." : " is unchanged.")); }
        if (about.role === "test") { said.push((about.words || "The test") + (seen.top ? " is not zero: its largest entry is " + words(seen.top) + "." : " is zero.")); }
      });
      said.push(fall(lab.layers.map(function (n) { return done[n]; }), lab.slopes.map(function (n) { return done[n]; }), loss));
      if (!checked.good) { said.unshift("This page’s arithmetic differs from proofkit’s by " + words(checked.worst) + ": do not trust it."); }
      at("reading").dataset.checked = checked.good ? "yes" : "no";
      // Not at every movement: a screen reader would never stop.
      clearTimeout(timer);
      timer = setTimeout(function () { at("reading").textContent = said.join(" "); }, 120);
    }
    function restore() {
      var query = new URLSearchParams(location.search), v = query.get("v"), size = query.get("size");
      if (!sliders) { return; }
      if (v !== null) {
        var values = v.split(",").map(Number);
        all("input", sliders).filter(function (one) { return one.id !== "size"; }).forEach(function (one, n) { if (isFinite(values[n])) { one.value = values[n]; } });
      }
      if (size !== null && isFinite(Number(size))) { at("size").value = size; }
    }
    function share() {
      walk.note("v", all("input", sliders).filter(function (one) { return one.id !== "size"; }).map(function (one) { return one.value; }).join(","));
      walk.note("size", at("size").value);
    }
    if (sliders) {
      sliders.addEventListener("submit", function (event) { event.preventDefault(); });
      sliders.addEventListener("input", update);
      sliders.addEventListener("change", share);
      at("still").addEventListener("click", function () {
        all("input", sliders).forEach(function (one) { if (one.id !== "size") { one.value = 0; } });
        update(); share();
      });
      at("drawn").addEventListener("click", function () {
        lab.knobs.forEach(function (knob, n) { inputs(n).forEach(function (one, m) { one.value = knob.single ? 1 : knob.values[m]; }); });
        at("size").value = lab.size;
        update(); share();
      });
    }
    restore();
    update();
  }
  walk.parts.push(start);
}());
