(function () {
  "use strict";
  var walk = proofkitWalk, at = walk.at, all = walk.all, turn = 0, sheet = null, shown = asked();
  function asked() {
    // What the server is asked for: sliders, steps and places in the page are the page's own.
    var query = new URLSearchParams(location.search);
    return ["result", "route", "example", "network", "dims", "seed"].map(function (name) { return query.get(name) || ""; }).join("&");
  }
  function text(network) { return JSON.stringify(network); }

  // ── A network in an address: deflated, and in letters that an address may hold ──
  function pack(string) {
    var stream = new Blob([string]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return new Response(stream).arrayBuffer().then(function (buffer) {
      var bytes = new Uint8Array(buffer), letters = "";
      bytes.forEach(function (byte) { letters += String.fromCharCode(byte); });
      return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    });
  }
  function own() { return JSON.parse(at("network-data").textContent); }

  // ── Another state: fetched whole, shown in place, and in the address ──
  function fault(words, near) {
    // Beside what caused it, where the reader looks.
    var line = document.createElement("p"), place = at("faults");
    line.textContent = words;
    (near && near.isConnected ? near : at("setup")).after(place);
    place.replaceChildren(line);
    place.scrollIntoView({ block: "nearest" });
  }
  function style(text) {
    // The style of a page goes with its symbols; a sheet made here needs no permission of its own.
    var made = new CSSStyleSheet();
    made.replaceSync(text);
    document.adoptedStyleSheets = [made];
    if (!sheet) { sheet = document.querySelector("style"); sheet.remove(); }
  }
  function replace(page, css) {
    var active = document.activeElement, id = active && active.id, name = active && active.name, scroll = window.scrollY;
    style(css);
    at("faults").replaceChildren();
    at("setup").after(at("faults"));
    ["#content", ".routes", ".about", "#walk-data", "#network-data", "#setup"].forEach(function (part) {
      var there = document.querySelector(part), here = page.querySelector(part);
      if (there && here) { there.replaceWith(here); } else if (there) { there.remove(); } else if (here) { at("content").after(here); }
    });
    document.title = page.title;
    walk.start();
    window.scrollTo(0, scroll);
    var again = (id && at(id)) || (name && document.getElementsByName(name)[0]);
    if (again) { again.focus({ preventScroll: true }); }
  }
  function go(query, options) {
    var mine = turn += 1, address = "/?" + query;
    at("busy").textContent = "computing…";
    return fetch(options && options.post ? "/" : address, options && options.post ? { method: "POST", body: options.post, headers: { "Content-Type": "application/json" } } : {}).then(function (answer) {
      return answer.text().then(function (body) {
        var css = "", rest = body.replace(/<style>([^]*?)<\/style>/, function (found, inside) { css = inside; return ""; });
        return { good: answer.ok, css: css, page: new DOMParser().parseFromString(rest, "text/html") };
      });
    }).then(function (answer) {
      if (mine !== turn) { return; }
      if (!answer.good) {
        var alert = answer.page.querySelector("[role=alert]");
        fault(alert ? alert.textContent.trim() : "The server could not answer.", options && options.near);
        return;
      }
      if (!(options && options.silent)) { history.pushState(null, "", options && options.post ? location.pathname : address + (options && options.kept || "")); }
      shown = asked();
      replace(answer.page, answer.css);
      if (options && options.post) { fault("This network is too long for an address: this page cannot be shared or reloaded."); }
    }).catch(function () {
      if (mine === turn) { fault("The server does not answer. Is it still running?"); }
    }).finally(function () { if (mine === turn && at("busy")) { at("busy").textContent = ""; } });
  }
  function base(skip) {
    // What is kept of the address: not the sliders or the step, which belong to one network.
    var query = new URLSearchParams(new FormData(at("setup")));
    (skip || []).forEach(function (name) { query.delete(name); });
    return query;
  }
  // The kernel is asked on the network of this page, which may be too long for an address.
  walk.kernel = function (exercise, bits) {
    var query = base(), mine = new URLSearchParams(location.search), state = { exercise: exercise, bits: bits };
    query.forEach(function (value, name) { state[name] = value; });
    if (!state.example || mine.has("dims")) { delete state.example; state.network = text(own()); }
    return fetch("/kernel", { method: "POST", body: JSON.stringify(state), headers: { "Content-Type": "application/json" } }).then(function (answer) { return answer.text(); }).then(function (body) {
      return document.importNode(new DOMParser().parseFromString(body, "text/html").querySelector("template.verdict-of"), true);
    });
  };
  // What a reader has set stays where the network stays of the same kind: sliders and beat.
  function mine(names) {
    var query = new URLSearchParams(location.search), kept = "";
    names.forEach(function (name) { if (query.has(name)) { kept += "&" + name + "=" + encodeURIComponent(query.get(name)); } });
    return kept;
  }
  function use(string, near, kept) {
    return pack(string).then(function (packed) {
      var query = base(["example"]);
      if (packed.length > 24000) {
        var state = { result: query.get("result"), route: query.get("route") || "", seed: query.get("seed"), network: string };
        return go(query.toString(), { post: JSON.stringify(state), near: near });
      }
      query.set("network", packed);
      return go(query.toString(), { near: near, kept: kept });
    });
  }

  // ── Entries ──
  function editor() {
    var network = own(), place = at("entries");
    all(".file").forEach(function (one) { one.hidden = false; });
    document.querySelector("#own textarea").value = JSON.stringify(network, null, 1).replace(/\[\s+([^[\]{}]*?)\s+\]/g, function (found, inner) { return "[" + inner.replace(/\s+/g, " ") + "]"; });
    if (!network.layers) { return; }
    var size = network.layers.reduce(function (total, rows) { return total + rows.length * rows[0].length; }, 0);
    if (size > 200) { return; }
    place.hidden = false;
    place.replaceChildren();
    network.layers.map(function (rows, n) { return [rows, n]; }).reverse().forEach(function (pair) {
      var set = document.createElement("fieldset"), legend = document.createElement("legend"), table = document.createElement("div");
      legend.textContent = "M" + String(pair[1] + 1).replace(/\d/g, function (digit) { return "₀₁₂₃₄₅₆₇₈₉"[digit]; });
      table.className = "table";
      pair[0].forEach(function (line, r) {
        var row = document.createElement("div");
        line.forEach(function (x, c) {
          var input = document.createElement("input");
          input.value = String(x);
          input.id = "entry-" + (pair[1] + 1) + "-" + r + "-" + c;
          input.setAttribute("aria-label", "M" + (pair[1] + 1) + ", row " + (r + 1) + ", column " + (c + 1));
          input.autocomplete = "off";
          input.size = Math.max(2, Math.min(8, String(x).length));
          row.append(input);
        });
        table.append(row);
      });
      set.append(legend, table);
      place.append(set);
    });
  }
  function number(string) {
    var plain = string.trim();
    return /^[+-]?\d+$/.test(plain) ? Number(plain) : plain;
  }
  document.addEventListener("change", function (event) {
    var target = event.target, place = /^entry-(\d+)-(\d+)-(\d+)$/.exec(target.id || "");
    if (place) {
      var network = own();
      network.layers[place[1] - 1][place[2]][place[3]] = number(target.value);
      delete network.expect;
      use(text(network), at("entries"), mine(["v", "size", "step"]));
      return;
    }
    if (target.id === "upload" && target.files[0]) {
      if (target.files[0].size > 900000) { fault(target.files[0].name + " is too large: at most 900 kB.", target.form); return; }
      target.files[0].text().then(function (string) { return use(string, target.form, mine(["step"])); });
      return;
    }
    if (target.form && target.form.id === "setup") {
      // Keys pass through one choice after the other: the last one is meant.
      if (keyed === target) { waiting = target; at("busy").textContent = "Enter shows it"; return; }
      submit(target.name);
    }
  });
  var keyed = null, waiting = null;
  function meant() {
    var target = waiting;
    keyed = waiting = null;
    if (target) { submit(target.name); }
  }
  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (!target.form || target.form.id !== "setup" || target.tagName === "BUTTON") { return; }
    if (event.key === "Enter") {
      if (waiting === target) { event.preventDefault(); meant(); }
      return;
    }
    if (event.key !== "Tab" && event.key !== "Shift") { keyed = target; }
  });
  document.addEventListener("pointerdown", function () { keyed = null; }, true);
  document.addEventListener("focusout", function (event) { if (event.target === waiting) { meant(); } });
  function submit(changed) {
    var query = base();
    if (changed === "result") { query.delete("route"); query.delete("example"); }
    var asked = new URLSearchParams(location.search);
    // A network of the reader's own, or a resized one, stays until another is chosen.
    if (changed !== "example" && changed !== "result") {
      ["network", "dims"].forEach(function (name) { if (asked.has(name)) { query.set(name, asked.get(name)); } });
    }
    if (changed === "result" && asked.has("network")) { query.set("network", asked.get("network")); }
    if (query.get("example") === "") { query.delete("example"); }
    return go(query.toString());
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.id === "setup") { event.preventDefault(); keyed = waiting = null; submit(""); }
    if (form.id === "own") { event.preventDefault(); use(form.elements.network.value, form, mine(["step"])); }
    if (form.id === "widths") {
      event.preventDefault();
      var query = new URLSearchParams(new FormData(form)), asked = new URLSearchParams(location.search);
      if (asked.has("network")) { query.set("network", asked.get("network")); query.delete("example"); }
      go(query.toString(), { near: form });
    }
  });
  addEventListener("popstate", function () { if (asked() !== shown) { go(location.search.slice(1), { silent: true }); } });
  walk.parts.push(editor);
}());
