// Copying: formulas as LaTeX, by selection, button or the key c; links to steps by their numbers.
(function () {
  "use strict";
  var places = ".display, .claim, .sentence-form, .quantities > li", blocks = "p, li, div, h1, h2, h3, dt, dd";
  var status = document.createElement("p"), button = document.createElement("button"), forget;
  status.className = "copied-note";
  status.setAttribute("role", "status");
  document.body.appendChild(status);
  button.type = "button";
  button.className = "copy-tex";
  button.tabIndex = -1;
  button.textContent = "Copy LaTeX";
  function say(words) {
    clearTimeout(forget);
    status.textContent = words;
    forget = setTimeout(function () { status.textContent = ""; }, 2500);
  }
  function keep(words, what) {
    if (!navigator.clipboard) { say(words); return; }
    navigator.clipboard.writeText(words).then(function () { say(what + " copied"); }, function () { say(words); });
  }
  // The words of a part of the page, its formulas as LaTeX between dollars; pieces of one are joined.
  function words(part) {
    var copy = part.cloneNode(true);
    copy.querySelectorAll(".copy-tex, .hidden, .more, .number").forEach(function (one) { one.remove(); });
    copy.querySelectorAll("math").forEach(function (one) {
      var source = one.querySelector("annotation");
      one.replaceWith("$" + (source || one).textContent + "$");
    });
    copy.querySelectorAll(blocks).forEach(function (one) { one.prepend("\n"); });
    return copy.textContent.replace(/\$\$/g, "").replace(/[ \t]*\n\s*/g, "\n").trim();
  }
  document.addEventListener("copy", function (event) {
    var chosen = getSelection(), box = document.createElement("div");
    for (var n = 0; n < chosen.rangeCount; n += 1) { box.appendChild(chosen.getRangeAt(n).cloneContents()); }
    if (!event.clipboardData || !box.querySelector("math")) { return; }
    event.clipboardData.setData("text/html", box.innerHTML);
    event.clipboardData.setData("text/plain", words(box));
    event.preventDefault();
  });
  document.addEventListener("mouseover", function (event) {
    var place = event.target.closest && event.target.closest(places);
    if (place === button.parentElement && place) { return; }
    if (place && place.querySelector("math")) { place.appendChild(button); } else { button.remove(); }
  });
  button.addEventListener("click", function () { keep(words(button.parentElement), "LaTeX"); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".number[href]");
    if (link) { keep(link.href, "Link"); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([name=depth]), textarea, select")) { return; }
    var step = event.target.closest(".step"), claim = step && (step.querySelector(":scope > .display, :scope > .line .claim"));
    if (claim) { keep(words(claim), "LaTeX"); }
  });
}());
