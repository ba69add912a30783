(function () {
  "use strict";
  var walk = proofkitWalk, at = walk.at, all = walk.all;
  function path(points) {
    return points.length ? "M" + points.map(function (p) { return p[0].toFixed(1) + " " + p[1].toFixed(1); }).join("L") : "";
  }

  // ── How far the loss runs down: axes that stay, and the curve of the setting before ──
  walk.curve = function (tools, lab, computed) {
    var add = tools.add, words = tools.words, loss = tools.loss, told = "", line = "", axes = null, api = { start: 0 };
    function descend(found) {
      function chain(t) {
        var product = null;
        found.layers.forEach(function (layer, n) {
          var moved = add(layer, found.slopes[n], -t);
          product = product ? tools.times(moved, product) : moved;
        });
        return loss.value(product);
      }
      var square = found.slopes.reduce(function (total, g) { return total + tools.sum(tools.each(g, null, function (x) { return [x * x, 0]; })); }, 0);
      var start = chain(0), open = found.slopes.some(function (g) { return tools.largest(g) > 0; }), rate = Math.sqrt(square), points = [[0, start]];
      if (!open) { return { points: points, start: start, low: start, slope: 0, open: false }; }
      var end = Math.max(1e-6, 0.05 * (Math.abs(start) || 1) / square), last;
      // As far as the loss falls, and a little further.
      while (!(chain(end) < start) && end > 1e-14) { end /= 4; }
      do { last = chain(end); end *= 1.3; } while (chain(end) < last && end < 1e9);
      var low = start;
      for (var n = 1; n <= 60; n += 1) { var t = end * n / 60, value = chain(t); if (!isFinite(value)) { break; } points.push([t * rate, value]); low = Math.min(low, value); }
      return { points: points, start: start, low: low, slope: square, open: true };
    }
    function fixed() {
      // Once, from some settings: so a curve can be compared with the one before.
      var far = [], low = Infinity, top = -Infinity, some = [function (x) { return x; }, function (x) { return -x; }, function () { return 1; }];
      // All entries of one place together, as that is how rows are turned.
      lab.knobs.forEach(function (knob) { knob.values.forEach(function (y, place) { if (place < 6) { some.push(function (x, n) { return n === place ? 1.5 : 0; }); } }); });
      [0.25, 0.5, 1].forEach(function (size) {
        some.forEach(function (value) {
          var found = descend(computed(size, lab.knobs.map(function (knob) { return knob.values.map(value); }))), end = found.points[found.points.length - 1][0];
          if (found.open && isFinite(end)) { far.push(end); }
          low = Math.min(low, found.low);
          top = Math.max(top, found.start);
        });
      });
      if (lab.loss.kind !== "expression") { low = 0; }
      if (!isFinite(top)) { top = 1; }
      far.sort(function (a, b) { return a - b; });
      return { far: Math.min(far[far.length - 1], 3 * far[Math.floor(far.length / 2)]) || 1, low: low - (lab.loss.kind === "expression" ? 0.1 * (top - low) : 0), top: top + 0.08 * ((top - low) || 1) };
    }
    function x(t) { return 52 + 318 * t / axes.far; }
    function y(v) { return isFinite(v) ? 160 - 148 * (v - axes.low) / ((axes.top - axes.low) || 1) : 160; }
    function inside(p) { return p[0] <= axes.far && p[1] <= axes.top; }
    api.draw = function (layers, slopes) {
      var figure = at("fall"), found = descend({ layers: layers, slopes: slopes }), level;
      axes = axes || fixed();
      figure.hidden = false;
      level = y(found.start);
      api.start = found.start;
      line = path(found.points.filter(inside).map(function (p) { return [x(p[0]), Math.min(162, y(p[1]))]; }));
      at("fall-line").setAttribute("d", line);
      at("fall-level").setAttribute("d", path([[52, level], [372, level]]));
      at("fall-top").textContent = words(found.start);
      at("fall-top").setAttribute("y", level + 3);
      at("fall-low").textContent = words(axes.low);
      at("fall-low").setAttribute("y", 163);
      if (lab.goal.below !== null) {
        at("fall-goal").setAttribute("d", path([[52, y(lab.goal.below)], [372, y(lab.goal.below)]]));
        at("fall-below").textContent = words(lab.goal.below);
        at("fall-below").setAttribute("y", y(lab.goal.below) + 3);
      }
      at("fall-end").textContent = "distance, to " + words(axes.far);
      figure.dataset.start = String(found.start);
      figure.dataset.low = String(found.low);
      told = found.open ? "The loss falls from " + words(found.start) + " to " + words(found.low) + "." : "The gradient is zero in every layer.";
      at("fall-words").textContent = found.open ? "The loss runs down from " + words(found.start) + " to " + words(found.low) + " along the steepest way; at first by " + words(found.slope) + " per unit step. Faint: the setting before." : "The gradient is zero in every layer: to first order no way down opens here.";
      return found.low;
    };
    api.says = function () { return told; };
    // Called when a setting is left for another: what was last kept is what is shown faintly.
    var kept = "";
    api.keep = function () { at("fall-before").setAttribute("d", kept); kept = line; };
    return api;
  };

  // ── The rows against the kernel: along it to the right, out of it upwards ──
  walk.rows = function (lab, sliding, now, update, share) {
    var axes = lab.rows, figure = at("rows"), group = at("rows-arrows"), scale = [1, 1], drag = null;
    if (!axes || !figure) { return function () {}; }
    function seen(done) {
      var m = done[axes.node], found = [];
      for (var r = 0; r < m.r; r += 1) {
        var p = [0, 0];
        for (var c = 0; c < m.c; c += 1) { p[0] += m.v[r * m.c + c] * axes.along[c]; p[1] += m.v[r * m.c + c] * axes.across[c]; }
        found.push(p);
      }
      return found;
    }
    function screen(p) { return [130 + scale[0] * p[0], 95 - scale[1] * p[1]]; }
    function draw(done) {
      var points = seen(done);
      figure.hidden = false;
      while (group.children.length < points.length) {
        var arrow = document.createElementNS(group.namespaceURI, "g"), stem = document.createElementNS(group.namespaceURI, "path"), tip = document.createElementNS(group.namespaceURI, "circle");
        stem.setAttribute("class", "s-accent");
        tip.setAttribute("class", "tip");
        tip.setAttribute("r", 7);
        tip.setAttribute("data-row", group.children.length);
        arrow.append(stem, tip);
        group.append(arrow);
      }
      points.forEach(function (p, r) {
        var to = screen(p);
        group.children[r].children[0].setAttribute("d", path([[130, 95], to]));
        group.children[r].children[1].setAttribute("cx", Math.max(6, Math.min(254, to[0])).toFixed(1));
        group.children[r].children[1].setAttribute("cy", Math.max(6, Math.min(184, to[1])).toFixed(1));
        group.children[r].classList.toggle("out", Math.abs(p[1]) > 1e-9);
      });
      figure.dataset.out = points.some(function (p) { return Math.abs(p[1]) > 1e-9; }) ? "yes" : "no";
    }
    // The sliders that bring a tip nearest to the pointer: a few damped steps of least squares.
    function gap(row, wanted) {
      var here = seen(now().done)[row];
      return [wanted[0] - here[0], wanted[1] - here[1]];
    }
    // At a point where no single slider lifts the tip, the two that do so together.
    function kick(row, wanted) {
      var inputs = sliding(), values = inputs.map(function (one) { return Number(one.value); }), best = [Infinity];
      function set(n, by) { inputs[n].value = values[n] + by; }
      inputs.forEach(function (one, a) {
        for (var b = 0; b < a; b += 1) {
          [0.5, -0.5].forEach(function (by) {
            set(a, 0.5); set(b, by);
            var off = gap(row, wanted), left = Math.hypot(off[0], off[1]);
            if (left < best[0] - 1e-9) { best = [left, a, b, by]; }
            set(a, 0); set(b, 0);
          });
        }
      });
      if (best.length > 1) { set(best[1], 0.5); set(best[2], best[3]); }
    }
    function toward(row, wanted) {
      var inputs = sliding(), first = gap(row, wanted), left;
      settle(row, wanted, inputs);
      left = gap(row, wanted);
      if (Math.hypot(left[0], left[1]) > 0.7 * Math.hypot(first[0], first[1]) && Math.hypot(left[0], left[1]) > 0.1) { kick(row, wanted); settle(row, wanted, inputs); }
      update();
    }
    function settle(row, wanted, inputs) {
      for (var turn = 0; turn < 6; turn += 1) {
        var here = seen(now().done)[row], off = [wanted[0] - here[0], wanted[1] - here[1]], J = [];
        inputs.forEach(function (one, n) {
          var value = Number(one.value), up = value < 2 ? 0.0625 : -0.0625;
          one.value = value + up;
          var there = seen(now().done)[row];
          one.value = value;
          J[n] = [(there[0] - here[0]) / up, (there[1] - here[1]) / up];
        });
        var a = 0.02, b = 0, d = 0.02;
        J.forEach(function (g) { a += g[0] * g[0]; b += g[0] * g[1]; d += g[1] * g[1]; });
        var det = a * d - b * b, s = (d * off[0] - b * off[1]) / det, t = (a * off[1] - b * off[0]) / det;
        inputs.forEach(function (one, n) { one.value = Math.max(-2, Math.min(2, Number(one.value) + J[n][0] * s + J[n][1] * t)); });
      }
    }
    function pointer(event) {
      var box = figure.querySelector("svg").getBoundingClientRect();
      return [((event.clientX - box.left) * 260 / box.width - 130) / scale[0], (95 - (event.clientY - box.top) * 190 / box.height) / scale[1]];
    }
    var svg = figure.querySelector("svg");
    svg.addEventListener("pointerdown", function (event) {
      var tip = event.target.closest(".tip");
      if (!tip || !sliding().length) { return; }
      drag = Number(tip.dataset.row);
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    svg.addEventListener("pointermove", function (event) { if (drag !== null) { toward(drag, pointer(event)); } });
    ["pointerup", "pointercancel"].forEach(function (name) { svg.addEventListener(name, function () { if (drag !== null) { drag = null; share(); } }); });
    // Room for what the sliders reach.
    var reach = seen(now().done).reduce(function (top, p) { return Math.max(top, Math.abs(p[0])); }, 1);
    scale = [110 / (reach + 1), 40];
    group.replaceChildren();
    return draw;
  };
}());
