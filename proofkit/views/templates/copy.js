// A button that copies beside each code; where the browser forbids it, the code is selected.
(function () {
  "use strict";
  document.querySelectorAll(".copied").forEach(function (box) {
    var code = box.querySelector("code"), button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", function () {
      function said(words) {
        button.textContent = words;
        setTimeout(function () { button.textContent = "Copy"; }, 2000);
      }
      function selected() {
        getSelection().selectAllChildren(code);
        said("Selected");
      }
      if (!navigator.clipboard) { selected(); return; }
      navigator.clipboard.writeText(code.textContent).then(function () { said("Copied"); }, selected);
    });
    button.setAttribute("aria-live", "polite");
    box.appendChild(button);
  });
}());
