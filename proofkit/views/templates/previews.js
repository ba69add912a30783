// A reference under the pointer or the focus shows what it refers to; Escape puts it away.
(function () {
  "use strict";
  var card = document.createElement("div");
  card.className = "preview";
  card.id = "preview";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.body.appendChild(card);
  function target(link) {
    var found = link.hash && link.pathname === location.pathname && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    // A walkthrough veils what is still to be predicted.
    return found && !found.contains(link) && !found.closest("[hidden], .veiled") ? found : null;
  }
  // Of a step its number, words and claim; of a result its name and statement.
  function parts(of) {
    if (!of.matches(".step")) { return of.querySelectorAll(":scope > p, :scope > summary, :scope > .statement"); }
    return of.querySelectorAll(":scope > .lead, :scope > .words, :scope > .display, :scope > .line .claim, :scope > .inside > .words");
  }
  function show(event) {
    var link = event.target.closest && event.target.closest("main a[href*='#'], .routes a[href*='#']"), of = link && target(link);
    if (!of || !parts(of).length) { hide(); return; }
    card.textContent = "";
    parts(of).forEach(function (part) {
      var copy = part.cloneNode(true);
      copy.querySelectorAll("[id]").forEach(function (one) { one.removeAttribute("id"); });
      copy.querySelectorAll(".copy-tex, .hidden").forEach(function (one) { one.remove(); });
      copy.querySelectorAll("a, [tabindex]").forEach(function (one) { one.removeAttribute("href"); one.removeAttribute("tabindex"); });
      var row = document.createElement("div");
      row.append.apply(row, Array.prototype.slice.call(copy.childNodes));
      card.appendChild(row);
    });
    card.hidden = false;
    link.setAttribute("aria-describedby", "preview");
  }
  function hide() {
    card.hidden = true;
    document.querySelectorAll("[aria-describedby=preview]").forEach(function (one) { one.removeAttribute("aria-describedby"); });
  }
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });
}());
