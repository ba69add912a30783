(function () {
  "use strict";
  var root = document.documentElement, store = "proofkit-theme";
  var all = function (query) { return Array.prototype.slice.call(document.querySelectorAll(query)); };
  var keys = document.querySelector(".keys"), button = document.getElementById("theme"), depths = all(".depth input");
  function saved(value) {
    try { return value ? localStorage.setItem(store, value) : localStorage.getItem(store); }
    catch (error) { return null; }
  }
  function dark() {
    return (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  }
  function flip() { root.dataset.theme = dark() ? "light" : "dark"; saved(root.dataset.theme); }
  function address(change) {
    var to = new URL(location.href);
    change(to);
    try { history.replaceState(null, "", to.href); } catch (error) { /* a page without an address */ }
  }
  // ── How deep the page goes ──────────────────────────────────────────────────────────────────
  function deep() { return depths.filter(function (one) { return one.checked; }).map(function (one) { return one.value; })[0]; }
  function unfold() { all(".more").forEach(function (part) { part.open = deep() === "all"; }); }
  function go(depth) {
    var input = depths.filter(function (one) { return one.value === depth; })[0];
    if (!input) { return; }
    input.checked = true;
    unfold();
    address(function (to) { to.searchParams.set("depth", depth); });
  }
  // ── From step to step ───────────────────────────────────────────────────────────────────────
  function shown(part) { return part.checkVisibility ? part.checkVisibility() : part.getClientRects().length > 0; }
  function reveal(step) {
    for (var at = step.parentElement; at; at = at.parentElement) { if (at.tagName === "DETAILS") { at.open = true; } }
    ["proof", "all"].forEach(function (depth) { if (depths.length && !shown(step)) { go(depth); } });
    (step.querySelector(".number[href], summary") || step).focus({ preventScroll: true });
    step.scrollIntoView({ block: "start" });
  }
  function move(by) {
    var steps = all(".step").filter(shown), here = document.activeElement.closest(".step");
    var target = steps[here ? steps.indexOf(here) + by : by > 0 ? 0 : -1];
    if (!target) { return; }
    reveal(target);
    address(function (to) { to.hash = target.id; });
  }
  function fold() {
    var parts = all(".more, .step > details"), open = parts.some(function (part) { return part.open; });
    parts.forEach(function (part) { part.open = !open; });
  }
  function follow() {
    var step = location.hash.slice(1) && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (step && step.closest(".step")) { reveal(step.closest(".step")); }
  }
  if (!root.dataset.theme && saved()) { root.dataset.theme = saved(); }
  keys.hidden = false;
  button.addEventListener("click", flip);
  depths.forEach(function (one) { one.addEventListener("change", function () { go(one.value); }); });
  addEventListener("hashchange", follow);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(".scroll, input:not([name=depth]), textarea, select")) { return; }
    if (event.target.name === "depth" && event.key.indexOf("Arrow") === 0) { return; }
    var action = { ArrowRight: function () { move(1); }, ArrowLeft: function () { move(-1); }, e: fold, t: flip, Escape: function () { document.activeElement.blur(); } }[event.key];
    if (!action && depths["123".indexOf(event.key)] && event.key.length === 1) { action = function () { go(depths[event.key - 1].value); }; }
    if (action) { event.preventDefault(); action(); }
  });
  go(new URL(location.href).searchParams.get("depth"));
  follow();
}());
