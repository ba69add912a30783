(function () {
  "use strict";
  var root = document.documentElement, store = "proofkit-theme";
  var all = function (query) { return Array.prototype.slice.call(document.querySelectorAll(query)); };
  var keys = document.querySelector(".keys"), button = document.getElementById("theme");
  function saved(value) {
    try { return value ? localStorage.setItem(store, value) : localStorage.getItem(store); }
    catch (error) { return null; }
  }
  function dark() {
    return (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  }
  function flip() { root.dataset.theme = dark() ? "light" : "dark"; saved(root.dataset.theme); }
  function reveal(step) {
    for (var at = step.parentElement; at; at = at.parentElement) { if (at.tagName === "DETAILS") { at.open = true; } }
    var summary = step.querySelector("summary");
    summary.focus({ preventScroll: true });
    step.scrollIntoView({ block: "start" });
  }
  function move(by) {
    var steps = all(".step"), here = document.activeElement.closest(".step");
    var target = steps[here ? steps.indexOf(here) + by : by > 0 ? 0 : -1];
    if (target) { reveal(target); }
  }
  function fold() {
    var parts = all(".step > details"), open = parts.some(function (part) { return part.open; });
    parts.forEach(function (part) { part.open = !open; });
  }
  function follow() {
    var step = location.hash.slice(1) && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (step && step.classList.contains("step")) { reveal(step); }
  }
  if (!root.dataset.theme && saved()) { root.dataset.theme = saved(); }
  keys.hidden = false;
  button.addEventListener("click", flip);
  addEventListener("hashchange", follow);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(".scroll, input, textarea")) { return; }
    var action = { ArrowRight: function () { move(1); }, ArrowLeft: function () { move(-1); }, e: fold, t: flip, Escape: function () { document.activeElement.blur(); } }[event.key];
    if (action) { event.preventDefault(); action(); }
  });
  follow();
}());
